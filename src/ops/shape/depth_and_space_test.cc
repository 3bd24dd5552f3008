// Tests of SPACE_TO_DEPTH and DEPTH_TO_SPACE.
#include "ops/shape/depth_and_space.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs move(const OpDef& op, const AttributesType& type, int32_t block, Shape shape) {
  return run_op(op, Attributes::of(type, op::BlockSize{block}),
                {fed<int8_t>(shape, {1, 2, 3, 4, 5, 6, 7, 8})}, {declared(DType::i8)});
}
Outputs to_depth(int32_t block, Shape shape) {
  return move(op::space_to_depth, op::space_to_depth_attributes, block, std::move(shape));
}
Outputs to_space(int32_t block, Shape shape) {
  return move(op::depth_to_space, op::depth_to_space_attributes, block, std::move(shape));
}

TEST(SpaceToDepth, StacksBlocksInChannels) {
  expect_output<int8_t>(to_depth(2, {1, 2, 4, 1}), {1, 1, 2, 4}, {1, 2, 5, 6, 3, 4, 7, 8});
}

TEST(DepthToSpace, SpreadsChannelsOverBlocks) {
  expect_output<int8_t>(to_space(2, {1, 1, 2, 4}), {1, 2, 4, 1}, {1, 2, 5, 6, 3, 4, 7, 8});
}

TEST(DepthAndSpace, RejectBlocksThatDoNotFit) {
  expect_problem(to_depth(0, {1, 2, 4, 1}), "needs a block size of 1 or more, got 0");
  expect_problem(to_depth(3, {1, 2, 4, 1}), "into blocks of 3");
  expect_problem(to_space(-2, {1, 1, 2, 4}), "needs a block size of 1 or more, got -2");
  expect_problem(to_space(3, {1, 1, 2, 4}), "cannot cut 4 channels");
  expect_problem(to_depth(2, {2, 4}), "needs a tensor of rank 4");
}

}  // namespace
}  // namespace wherry
