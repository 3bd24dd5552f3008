// Tests of EXPAND_DIMS.
#include "ops/shape/expand_dims.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs expand(int32_t axis) {
  return run_op(op::expand_dims, no_options(),
                {fed<float>({2}, {1, 2}), constant<int32_t>({1}, {axis})}, {declared(DType::f32)});
}

TEST(ExpandDims, CountsNegativeAxesFromTheEndOfTheResult) {
  expect_output<float>(expand(0), {1, 2}, {1, 2});
  expect_output<float>(expand(-1), {2, 1}, {1, 2});
}

TEST(ExpandDims, RejectsAxesOutOfRange) { expect_problem(expand(2), "out of range"); }

}  // namespace
}  // namespace wherry
