// Tests of LSH_PROJECTION and its hash.
#include "ops/indexing/lsh_projection.h"

#include "ops/indexing/fingerprint.h"
#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

uint64_t hash_of(std::string_view text) {
  return fingerprint64(std::as_bytes(std::span(text.data(), text.size())));
}

TEST(Fingerprint, GivesThePublishedNumbers) {
  // Modulo 2^63 - 1, as tf.strings.to_hash_bucket_fast gives them; one per length class.
  const std::string ten = "abcdefghij", fox = "The quick brown fox jumps over the lazy dog. ";
  EXPECT_EQ(hash_of("") % INT64_MAX, 1936946117179621456u);
  EXPECT_EQ(hash_of("a") % INT64_MAX, 3694432073954588132u);
  EXPECT_EQ(hash_of("abcd") % INT64_MAX, 1897425971756105985u);
  EXPECT_EQ(hash_of("hello world") % INT64_MAX, 6381520714923946011u);
  EXPECT_EQ(hash_of("0123456789abcdef0") % INT64_MAX, 7920484519069722889u);
  EXPECT_EQ(hash_of(std::string(33, 'x')) % INT64_MAX, 3046993373088323128u);
  EXPECT_EQ(hash_of(ten + ten + ten + ten + ten + ten + "abcd") % INT64_MAX, 8115176665984236569u);
  EXPECT_EQ(hash_of(ten + ten + ten + ten + ten + ten + ten) % INT64_MAX, 7683466688900768784u);
  EXPECT_EQ(hash_of(fox + fox + fox + fox + fox) % INT64_MAX, 1781180847324610035u);
}

Outputs project(LshType type, Shape hashes) {
  return run_op(op::lsh_projection,
                Attributes::of(op::lsh_projection_attributes, op::LshProjection{type}),
                {fed<float>(hashes, std::vector<float>(static_cast<size_t>(hashes.elements()), 1)),
                 fed<int32_t>({1}, {5})},
                {declared(DType::i32)});
}

TEST(LshProjection, EqualSeedsGiveEqualBits) {
  auto dense = project(LshType::dense, {2, 2}), sparse = project(LshType::sparse, {2, 2});
  ASSERT_TRUE(dense && sparse);
  int32_t bit = elements<int32_t>((*dense)[0])[0];
  expect_output<int32_t>(dense, {4}, {bit, bit, bit, bit});
  expect_output<int32_t>(sparse, {2}, {3 * bit, 4 + 3 * bit});
}

TEST(LshProjection, RejectsUnknownTypesAndTooManyBits) {
  expect_problem(project(LshType::unknown, {1, 1}), "needs the type sparse or dense");
  expect_problem(project(LshType::dense, {1, 33}), "cannot use hashes of shape [1, 33]");
}

}  // namespace
}  // namespace wherry
