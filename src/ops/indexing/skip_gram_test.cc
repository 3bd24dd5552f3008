// Tests of SKIP_GRAM.
#include "ops/indexing/skip_gram.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs grams(op::SkipGram options, std::string text) {
  return run_op(op::skip_gram, Attributes::of(op::skip_gram_attributes, options),
                {fed_strings({1}, {std::move(text)})}, {declared(DType::string)});
}
using Strings = std::vector<std::string>;

TEST(SkipGram, LeavesWordsOut) {
  auto y = grams({2, 1, false}, "a b c d");
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(strings_in((*y)[0]), (Strings{"a b", "a c", "b c", "b d", "c d"}));
}

TEST(SkipGram, GivesShorterSequencesAfterLongerOnes) {
  auto y = grams({2, 0, true}, "a b c");
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(strings_in((*y)[0]), (Strings{"a b", "a", "b c", "b", "c"}));
}

TEST(SkipGram, TooFewWordsGiveNothing) {
  auto y = grams({3, 0, true}, "a b");
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(strings_in((*y)[0]), Strings());
}

TEST(SkipGram, RejectsSequencesOfNoWords) {
  expect_problem(grams({0, 0, true}, "a"), "cannot make sequences of 0 words");
  expect_problem(grams({1, -1, true}, "a"), "with gaps of -1");
}

}  // namespace
}  // namespace wherry
