// Tests of STABLEHLO_GATHER.
#include "ops/stablehlo/stablehlo_gather.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

op::StablehloGather rows() {
  return {.offset_dims = {1},
          .collapsed_slice_dims = {0},
          .start_index_map = {0},
          .index_vector_dim = 1,
          .slice_sizes = {1, 2}};
}
Outputs gather(op::StablehloGather options) {
  return run_op(op::stablehlo_gather, Attributes::of(op::stablehlo_gather_attributes, options),
                {fed<int32_t>({3, 2}, {1, 2, 3, 4, 5, 6}), fed<int64_t>({2, 1}, {9, -9})},
                {declared(DType::i32)});
}

TEST(StablehloGather, MovesWindowsInside) {
  expect_output<int32_t>(gather(rows()), {2, 2}, {5, 6, 1, 2});
}

TEST(StablehloGather, RejectsOptionsThatDoNotFit) {
  op::StablehloGather options = rows();
  options.slice_sizes = {1, 3};
  expect_problem(gather(options), "cannot cut slices of [1, 3]");
  options = rows();
  options.start_index_map = {2};
  expect_problem(gather(options), "the start index axes [2]");
  options = rows();
  options.index_vector_dim = 3;
  expect_problem(gather(options), "index vector axis 3");
  options = rows();
  options.offset_dims = {1, 1};
  expect_problem(gather(options), "the offset axes [1, 1]");
  options = rows();
  options.collapsed_slice_dims = {};
  expect_problem(gather(options), "does not fit its options");
}

}  // namespace
}  // namespace wherry
