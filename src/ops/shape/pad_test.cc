// Tests of PAD and PADV2.
#include "ops/shape/pad.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs pad(std::vector<int32_t> amounts, TensorType type = type_of(DType::i8, {1, 2}, 0.5f, 7)) {
  Shape shape = {static_cast<int64_t>(amounts.size() / 2), 2};
  return run_op(op::pad, no_options(),
                {fed<int8_t>(type, {1, 2}), constant<int32_t>(shape, amounts)}, {type});
}

TEST(Pad, WidensWithTheStoredZeroPoint) {
  expect_output<int8_t>(pad({0, 1, 1, 0}), {2, 3}, {7, 1, 2, 7, 7, 7});
}

TEST(Pad, RejectsNegativeAmountsAndWrongShapes) {
  expect_problem(pad({0, 0, -1, 0}), "cannot pad by");
  expect_problem(pad({0, 0}), "needs paddings of shape [2, 2], got [1, 2]");
}

TEST(Pad, RejectsSizesThatOverflow) {
  auto y = run_op(op::pad, no_options(),
                  {fed<int8_t>({1}, {1}), constant<int64_t>({1, 2}, {INT64_MAX, 1})},
                  {declared(DType::i8)});
  expect_problem(y, "overflows");
}

TEST(PadV2, WidensWithAGivenValue) {
  auto y =
      run_op(op::padv2, no_options(),
             {fed<float>({1}, {1}), constant<int64_t>({1, 2}, {1, 2}), fed<float>(Shape(), {9})},
             {declared(DType::f32)});
  expect_output<float>(y, {4}, {9, 1, 9, 9});
}

TEST(PadV2, WithoutAValueWidensWithZeros) {
  auto y =
      run_op(op::padv2, no_options(), {fed<float>({1}, {1}), constant<int64_t>({1, 2}, {1, 2})},
             {declared(DType::f32)});
  expect_output<float>(y, {4}, {0, 1, 0, 0});
}

TEST(PadV2, RejectsMoreThanOneValue) {
  auto y =
      run_op(op::padv2, no_options(),
             {fed<float>({1}, {1}), constant<int64_t>({1, 2}, {1, 2}), fed<float>({2}, {9, 8})},
             {declared(DType::f32)});
  expect_problem(y, "PADV2 needs one value");
}

}  // namespace
}  // namespace wherry
