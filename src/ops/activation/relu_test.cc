// Tests of the clamp family.
#include "ops/activation/relu.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

TEST(Relu, ClampsFloatsAtZero) {
  auto y = run_op(op::relu, Attributes::defaults(no_attributes), {fed<float>({3}, {-1, 0, 2})},
                  {type_of(DType::f32, {3})});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<float>((*y)[0]), (std::vector<float>{0, 0, 2}));
}

TEST(Relu6, ChangesTheScaleOfQuantisedTensors) {
  // 0.1 * (q + 10) clamped to [0, 6], stored as 0.2 * (q - 5): -1 -> 0, 3 -> 3, 10 -> 6.
  auto y = run_op(op::relu6, Attributes::defaults(no_attributes),
                  {fed<int8_t>(type_of(DType::i8, {3}, 0.1f, -10), {-20, 20, 90})},
                  {type_of(DType::i8, {3}, 0.2f, 5)});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<int8_t>((*y)[0]), (std::vector<int8_t>{5, 20, 35}));
}

TEST(Relu, RejectsBytesWithoutScale) {
  auto y = run_op(op::relu, Attributes::defaults(no_attributes), {fed<int8_t>({1}, {1})},
                  {type_of(DType::i8, {1})});
  expect_problem(y, "input 0 of RELU has type i8 and needs a scale, it has none");
}

TEST(Relu, BoundsBeyondTheTypeAreNoBounds) {
  auto y = run_op(op::relu6, Attributes::defaults(no_attributes),
                  {fed<int8_t>(type_of(DType::i8, {2}, 1e-12f, 0), {127, -128})},
                  {type_of(DType::i8, {2}, 1e-12f, 0)});
  expect_output<int8_t>(y, {2}, {127, 0});
}

TEST(Relu, RejectsIntegersByName) {
  auto y = run_op(op::relu, Attributes::defaults(no_attributes), {fed<int32_t>({1}, {1})},
                  {type_of(DType::i32, {1})});
  EXPECT_NE(problem(y).find("RELU does not support input 0 (x) of type i32"), std::string::npos)
      << problem(y);
}

}  // namespace
}  // namespace wherry
