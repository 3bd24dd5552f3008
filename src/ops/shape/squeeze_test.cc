// Tests of SQUEEZE.
#include "ops/shape/squeeze.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs squeeze(Shape shape, std::vector<int32_t> axes) {
  std::vector<float> x(static_cast<size_t>(shape.elements()), 1.0f);
  return run_op(op::squeeze, Attributes::of(op::squeeze_attributes, op::Squeeze{axes}),
                {fed<float>(shape, x)}, {declared(DType::f32)});
}

TEST(Squeeze, DropsAllOrNamedAxes) {
  expect_output<float>(squeeze({1, 2, 1}, {}), {2}, {1, 1});
  expect_output<float>(squeeze({1, 2, 1}, {-1}), {1, 2}, {1, 1});
}

TEST(Squeeze, RejectsAxesThatAreNotOne) {
  expect_problem(squeeze({1, 2}, {1}), "SQUEEZE cannot drop axis 1 of the shape [1, 2]");
  expect_problem(squeeze({1, 2}, {5}), "the squeezed axis 5 is out of range");
}

}  // namespace
}  // namespace wherry
