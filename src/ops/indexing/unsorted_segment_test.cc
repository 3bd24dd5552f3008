// Tests of the UNSORTED_SEGMENT family.
#include "ops/indexing/unsorted_segment.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs combine(const OpDef& op, std::vector<int32_t> numbers, int32_t count = 3) {
  return run_op(op, no_options(),
                {fed<int32_t>({4}, {2, 3, 5, 7}), fed<int32_t>({4}, numbers),
                 constant<int32_t>(Shape(), {count})},
                {declared(DType::i32)});
}

TEST(UnsortedSegment, CombinesSlicesOfOneNumber) {
  std::vector<int32_t> numbers = {2, 0, 2, -1};
  expect_output<int32_t>(combine(op::unsorted_segment_sum, numbers), {3}, {3, 0, 7});
  expect_output<int32_t>(combine(op::unsorted_segment_prod, numbers), {3}, {3, 1, 10});
  expect_output<int32_t>(combine(op::unsorted_segment_max, numbers), {3}, {3, INT32_MIN, 5});
  expect_output<int32_t>(combine(op::unsorted_segment_min, numbers), {3}, {3, INT32_MAX, 2});
}

TEST(UnsortedSegment, RejectsNumbersBeyondTheCount) {
  expect_problem(combine(op::unsorted_segment_sum, {0, 1, 2, 3}), "got the segment number 3");
  expect_problem(combine(op::unsorted_segment_sum, {0, 0, 0, 0}, -1), "cannot have -1 segments");
}

}  // namespace
}  // namespace wherry
