// Tests of SEGMENT_SUM.
#include "ops/indexing/segment_sum.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs sums(std::vector<int32_t> numbers) {
  return run_op(op::segment_sum, no_options(),
                {fed<int32_t>({3, 1}, {1, 2, 4}), fed<int32_t>({3}, numbers)},
                {declared(DType::i32)});
}

TEST(SegmentSum, AddsNeighboursOfOneNumber) {
  expect_output<int32_t>(sums({0, 0, 1}), {2, 1}, {3, 4});
}

TEST(SegmentSum, RejectsNumbersThatDoNotCountUp) {
  expect_problem(sums({0, 2, 2}), "got 2 after 0");
  expect_problem(sums({1, 1, 1}), "got 1 after -1");
  expect_problem(sums({0, 1, 0}), "got 0 after 1");
  expect_problem(sums({-1, -1, 0}), "got -1 after -1");
  expect_problem(sums({0, INT32_MAX, 0}), "got 2147483647 after 0");
}

}  // namespace
}  // namespace wherry
