// Tests of SPACE_TO_BATCH_ND and BATCH_TO_SPACE_ND.
#include "ops/shape/batch_and_space.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs move(const OpDef& op, Shape shape, std::vector<int32_t> block, std::vector<int32_t> edges) {
  int64_t spatial = static_cast<int64_t>(block.size());
  return run_op(op, no_options(),
                {fed<int8_t>(type_of(DType::i8, shape, 1.0f, 9), {1, 2, 3, 4}),
                 constant<int32_t>({spatial}, block), constant<int32_t>({spatial, 2}, edges)},
                {type_of(DType::i8, {}, 1.0f, 9)});
}

TEST(SpaceToBatchNd, MovesPlacesInABlockIntoTheBatch) {
  expect_output<int8_t>(move(op::space_to_batch_nd, {1, 2, 2, 1}, {2, 2}, {0, 0, 0, 0}),
                        {4, 1, 1, 1}, {1, 2, 3, 4});
  expect_output<int8_t>(move(op::space_to_batch_nd, {1, 4, 1}, {2}, {1, 1}), {2, 3, 1},
                        {9, 2, 4, 1, 3, 9});
}

TEST(BatchToSpaceNd, PutsBlocksTogetherAndCrops) {
  expect_output<int8_t>(move(op::batch_to_space_nd, {4, 1, 1, 1}, {2, 2}, {0, 0, 0, 0}),
                        {1, 2, 2, 1}, {1, 2, 3, 4});
  expect_output<int8_t>(move(op::batch_to_space_nd, {2, 2, 1}, {2}, {1, 0}), {1, 3, 1}, {3, 2, 4});
}

TEST(BatchAndSpace, RejectBlocksAndEdgesThatDoNotFit) {
  expect_problem(move(op::space_to_batch_nd, {1, 4, 1}, {0}, {0, 0}), "blocks of 1 or more");
  expect_problem(move(op::space_to_batch_nd, {1, 4, 1}, {3}, {0, 0}), "into blocks of 3");
  expect_problem(move(op::space_to_batch_nd, {1, 4, 1}, {2}, {-1, 1}), "edges of 0 or more");
  expect_problem(move(op::batch_to_space_nd, {1, 4, 1}, {2}, {0, 0}), "cannot cut the batch of 1");
  expect_problem(move(op::batch_to_space_nd, {2, 2, 1}, {2}, {5, 0}), "cannot crop");
  expect_problem(move(op::batch_to_space_nd, {2, 2}, {2}, {0, 0}), "takes 3 or 4 axes");
}

}  // namespace
}  // namespace wherry
