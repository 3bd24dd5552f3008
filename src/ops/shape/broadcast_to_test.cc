// Tests of BROADCAST_TO.
#include "ops/shape/broadcast_to.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs spread(std::vector<int32_t> shape) {
  Shape count = {static_cast<int64_t>(shape.size())};
  return run_op(op::broadcast_to, no_options(),
                {fed<float>({2, 1}, {1, 2}), constant<int32_t>(count, shape)},
                {declared(DType::f32)});
}

TEST(BroadcastTo, RepeatsExtentsOfOne) {
  expect_output<float>(spread({2, 2, 2}), {2, 2, 2}, {1, 1, 2, 2, 1, 1, 2, 2});
}

TEST(BroadcastTo, RejectsShapesItDoesNotFit) {
  expect_problem(spread({3, 2}), "does not broadcast");
  expect_problem(spread({2}), "got the shape [2]");
  expect_problem(spread({2, -1}), "does not broadcast");
  expect_problem(spread({1, 1, 1, 1, 1, 1, 1, 2, 1}), "got the shape");
}

}  // namespace
}  // namespace wherry
