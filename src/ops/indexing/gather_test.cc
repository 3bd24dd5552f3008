// Tests of GATHER.
#include "ops/indexing/gather.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs gather(op::Gather options, Shape params, Shape shape, std::vector<int32_t> indices) {
  return run_op(op::gather, Attributes::of(op::gather_attributes, options),
                {fed<int16_t>(params, {1, 2, 3, 4, 5, 6}), fed<int32_t>(shape, indices)},
                {declared(DType::i16)});
}

TEST(Gather, TakesSlicesAlongAnAxis) {
  expect_output<int16_t>(gather({0, 0}, {3, 2}, {2}, {2, 0}), {2, 2}, {5, 6, 1, 2});
  expect_output<int16_t>(gather({-1, 0}, {2, 3}, {1, 2}, {2, 2}), {2, 1, 2}, {3, 3, 6, 6});
}

TEST(Gather, SharesBatchAxes) {
  expect_output<int16_t>(gather({1, 1}, {2, 3}, {2, 1}, {2, 0}), {2, 1}, {3, 4});
}

TEST(Gather, TakesStrings) {
  auto y = run_op(op::gather, Attributes::of(op::gather_attributes, op::Gather{}),
                  {fed_strings({2}, {"a", "bc"}), fed<int32_t>({3}, {1, 1, 0})},
                  {declared(DType::string)});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(strings_in((*y)[0]), (std::vector<std::string>{"bc", "bc", "a"}));
}

TEST(Gather, RejectsIndicesOutside) {
  expect_problem(gather({0, 0}, {3, 2}, {1}, {3}), "GATHER index 3 is outside the extent 3");
  expect_problem(gather({0, 0}, {3, 2}, {1}, {-1}), "GATHER index -1 is outside");
  expect_problem(gather({2, 0}, {3, 2}, {1}, {0}), "the axis of GATHER 2 is out of range");
  expect_problem(gather({0, 1}, {3, 2}, {1}, {0}), "cannot have batch_dims 1");
  expect_problem(gather({1, 1}, {3, 2}, {1}, {0}), "got the shapes [3, 2] and [1]");
}

}  // namespace
}  // namespace wherry
