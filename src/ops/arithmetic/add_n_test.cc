// Tests of ADD_N.
#include "ops/arithmetic/add_n.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

TEST(AddN, SumsAnyNumberOfTensors) {
  auto y = run_op(
      op::add_n, Attributes::defaults(op::add_n_attributes),
      {fed<int32_t>({2}, {1, INT32_MAX}), fed<int32_t>({2}, {10, 1}), fed<int32_t>({2}, {100, 0})},
      {declared(DType::i32)});
  expect_output<int32_t>(y, {2}, {111, INT32_MIN});
  y = run_op(op::add_n, Attributes::defaults(op::add_n_attributes), {fed<float>({1}, {3})},
             {declared(DType::f32)});
  expect_output<float>(y, {1}, {3});
}

TEST(AddN, RejectsDifferentShapesAndNoInput) {
  expect_problem(run_op(op::add_n, Attributes::defaults(op::add_n_attributes),
                        {fed<float>({2}, {1, 2}), fed<float>({1}, {1})}, {declared(DType::f32)}),
                 "ADD_N needs tensors of one type and shape");
  expect_problem(
      run_op(op::add_n, Attributes::defaults(op::add_n_attributes), {}, {declared(DType::f32)}),
      "ADD_N needs input 0");
  expect_problem(run_op(op::add_n, Attributes::defaults(op::add_n_attributes),
                        {fed<float>({1}, {1}), absent()}, {declared(DType::f32)}),
                 "ADD_N needs input 1");
}

}  // namespace
}  // namespace wherry
