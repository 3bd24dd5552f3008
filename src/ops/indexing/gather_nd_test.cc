// Tests of GATHER_ND.
#include "ops/indexing/gather_nd.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs gather(Shape shape, std::vector<int32_t> indices) {
  return run_op(op::gather_nd, no_options(),
                {fed<float>({2, 2}, {1, 2, 3, 4}), fed<int32_t>(shape, indices)},
                {declared(DType::f32)});
}

TEST(GatherNd, TakesSlicesAndElements) {
  expect_output<float>(gather({2, 1}, {1, 0}), {2, 2}, {3, 4, 1, 2});
  expect_output<float>(gather({2, 2}, {1, 0, 0, 1}), {2}, {3, 2});
  expect_output<float>(gather({1, 0}, {}), {1, 2, 2}, {1, 2, 3, 4});
}

TEST(GatherNd, RejectsIndicesOutside) {
  expect_problem(gather({1, 2}, {0, 2}), "GATHER_ND index 2 is outside the extent 2");
  expect_problem(gather({1, 1}, {-1}), "GATHER_ND index -1 is outside");
  expect_problem(gather({1, 3}, {0, 0, 0}), "cannot use indices of shape [1, 3]");
}

}  // namespace
}  // namespace wherry
