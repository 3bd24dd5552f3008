// Tests of SCATTER_ND.
#include "ops/indexing/scatter_nd.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs scatter(std::vector<int32_t> indices, std::vector<int32_t> shape) {
  return run_op(op::scatter_nd, no_options(),
                {fed<int32_t>({3, 1}, indices), fed<int32_t>({3}, {1, 2, INT32_MAX}),
                 constant<int32_t>({1}, shape)},
                {declared(DType::i32)});
}

TEST(ScatterNd, AddsUpAndWrapsAround) {
  expect_output<int32_t>(scatter({2, 0, 2}, {4}), {4}, {2, 0, INT32_MIN, 0});
}

TEST(ScatterNd, RejectsIndicesOutside) {
  expect_problem(scatter({0, 1, 4}, {4}), "SCATTER_ND index 4 is outside the extent 4");
  expect_problem(scatter({0, 1, -1}, {4}), "SCATTER_ND index -1 is outside");
  expect_problem(scatter({0, 1, 2}, {-4}), "negative extent");
}

TEST(ScatterNd, RejectsUpdatesOfAnotherShape) {
  auto y = run_op(
      op::scatter_nd, no_options(),
      {fed<int32_t>({1, 1}, {0}), fed<float>({2, 2}, {1, 2, 3, 4}), constant<int32_t>({2}, {3, 2})},
      {declared(DType::f32)});
  expect_problem(y, "cannot write updates of shape [2, 2]");
}

}  // namespace
}  // namespace wherry
