// Tests of TRANSPOSE.
#include "ops/shape/transpose.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs transpose(std::vector<int32_t> order) {
  return run_op(op::transpose, no_options(),
                {fed<int16_t>({2, 3}, {0, 1, 2, 3, 4, 5}),
                 constant<int32_t>({static_cast<int64_t>(order.size())}, order)},
                {declared(DType::i16)});
}

TEST(Transpose, ReordersAxes) {
  expect_output<int16_t>(transpose({1, 0}), {3, 2}, {0, 3, 1, 4, 2, 5});
}

TEST(Transpose, TakesAPermutationOf64Bits) {
  auto y =
      run_op(op::transpose, no_options(),
             {fed<float>({1, 2}, {1, 2}), constant<int64_t>({2}, {1, 0})}, {declared(DType::f32)});
  expect_output<float>(y, {2, 1}, {1, 2});
}

TEST(Transpose, MovesPackedElements) {
  // Two per byte, low bits first: {1, 2, 3, 4} -> {1, 3, 2, 4}.
  auto y = run_op(
      op::transpose, no_options(),
      {fed<uint8_t>(type_of(DType::i4, {2, 2}), {0x21, 0x43}), constant<int32_t>({2}, {1, 0})},
      {declared(DType::i4)});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(unpack_sub_byte((*y)[0].view()), (std::vector<int8_t>{1, 3, 2, 4}));
}

TEST(Transpose, RejectsWhatIsNoPermutation) {
  expect_problem(transpose({0, 0}), "needs each axis once");
  expect_problem(transpose({0, 2}), "needs each axis once");
  expect_problem(transpose({0}), "got the permutation [0]");
}

}  // namespace
}  // namespace wherry
