// Tests of ONE_HOT.
#include "ops/indexing/one_hot.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs one_hot(int32_t depth, int32_t axis) {
  return run_op(op::one_hot, Attributes::of(op::one_hot_attributes, op::OneHot{axis}),
                {fed<int64_t>({3}, {1, -1, 2}), constant<int32_t>(Shape(), {depth}),
                 fed<float>(Shape(), {5}), fed<float>(Shape(), {0})},
                {declared(DType::f32)});
}

TEST(OneHot, SwitchesOnOnePositionPerIndex) {
  expect_output<float>(one_hot(2, -1), {3, 2}, {0, 5, 0, 0, 0, 0});
  expect_output<float>(one_hot(3, 0), {3, 3}, {0, 0, 0, 5, 0, 0, 0, 0, 5});
}

TEST(OneHot, RejectsNegativeDepths) {
  expect_problem(one_hot(-1, -1), "needs a depth of 0 or more, got -1");
  expect_problem(one_hot(2, 2), "out of range");
}

}  // namespace
}  // namespace wherry
