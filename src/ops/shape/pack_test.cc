// Tests of PACK.
#include "ops/shape/pack.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs pack(op::Pack options, Shape second = {2}) {
  return run_op(op::pack, Attributes::of(op::pack_attributes, options),
                {fed<int32_t>({2}, {1, 2}), fed<int32_t>(second, {3, 4})}, {declared(DType::i32)});
}

TEST(Pack, StacksAlongANewAxis) {
  expect_output<int32_t>(pack({2, 0}), {2, 2}, {1, 2, 3, 4});
  expect_output<int32_t>(pack({2, -1}), {2, 2}, {1, 3, 2, 4});
}

TEST(Pack, RejectsCountsAndShapesThatDiffer) {
  expect_problem(pack({3, 0}), "PACK has 2 inputs, its option says 3");
  expect_problem(pack({2, 2}), "out of range");
  expect_problem(pack({2, 0}, {1, 2}), "needs inputs of one type and shape");
  expect_problem(run_op(op::pack, Attributes::of(op::pack_attributes, op::Pack{2, 0}),
                        {fed<float>({1}, {1}), absent()}, {declared(DType::f32)}),
                 "PACK needs input 1");
}

}  // namespace
}  // namespace wherry
