// Tests of ARG_MAX and ARG_MIN.
#include "ops/reduction/arg_extremum.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs find(const OpDef& op, Operand x, int64_t axis, DType type = DType::i32) {
  return run_op(op, Attributes::of(*op.attributes, op::ArgExtremum{.output_type = type}),
                {std::move(x), constant<int64_t>(Shape(), {axis})}, {declared(type)});
}

TEST(ArgExtremum, FindsTheFirstOfEqualOnesAlongAnAxis) {
  const Operand x = fed<float>({2, 3}, {3, 7, 7, 1, 1, 9});
  expect_output<int32_t>(find(op::arg_max, x, 1), {2}, {1, 2});
  expect_output<int32_t>(find(op::arg_min, x, -1), {2}, {0, 0});
  expect_output<int64_t>(find(op::arg_max, x, 0, DType::i64), {3}, {0, 0, 1});
}

TEST(ArgExtremum, TakesBytesIntegersAndTruths) {
  expect_output<int32_t>(find(op::arg_max, fed<uint8_t>({2}, {127, 128}), 0), {}, {1});
  expect_output<int32_t>(find(op::arg_max, fed<int8_t>({2}, {127, -128}), 0), {}, {0});
  expect_output<int32_t>(find(op::arg_min, fed<int32_t>({2}, {5, INT32_MIN}), 0), {}, {1});
  expect_output<int32_t>(
      find(op::arg_max, fed<uint8_t>(type_of(DType::boolean, {3}), {0, 1, 1}), 0), {}, {1});
}

TEST(ArgExtremum, FollowsTheDeclaredTypeWhereTheOptionIsMissing) {
  auto y = run_op(op::arg_max, Attributes::of(op::arg_max_attributes, op::ArgExtremum{DType::f32}),
                  {fed<float>({2}, {1, 2}), constant<int32_t>({1}, {0})}, {declared(DType::i64)});
  expect_output<int64_t>(y, {}, {1});
}

TEST(ArgExtremum, RejectsAxesAndTypes) {
  expect_problem(find(op::arg_max, fed<float>({2}, {1, 2}), 1), "axis of ARG_MAX");
  expect_problem(find(op::arg_min, fed<float>(Shape(), {1}), 0), "axis of ARG_MIN");
  expect_problem(find(op::arg_max, fed<float>({2, 0}, {}), 1), "has no elements to choose from");
  expect_problem(find(op::arg_max, fed<float>({1}, {1}), 0, DType::i8), "gives i32 or i64, not i8");
  expect_problem(
      run_op(op::arg_max, Attributes::defaults(op::arg_max_attributes),
             {fed<float>({1}, {1}), constant<int32_t>({2}, {0, 0})}, {declared(DType::i32)}),
      "needs one number as input 1");
}

}  // namespace
}  // namespace wherry
