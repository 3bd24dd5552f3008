// Tests of STRIDED_SLICE.
#include "ops/shape/strided_slice.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs take(op::StridedSlice masks, std::vector<int32_t> begin, std::vector<int32_t> end,
             std::vector<int32_t> strides) {
  Shape count = {static_cast<int64_t>(begin.size())};
  return run_op(op::strided_slice, Attributes::of(op::strided_slice_attributes, masks),
                {fed<int32_t>({2, 3}, {1, 2, 3, 4, 5, 6}), constant<int32_t>(count, begin),
                 constant<int32_t>(count, end), constant<int32_t>(count, strides)},
                {declared(DType::i32)});
}

TEST(StridedSlice, TakesRangesWithSteps) {
  expect_output<int32_t>(take({}, {0, 0}, {2, 3}, {1, 2}), {2, 2}, {1, 3, 4, 6});
  expect_output<int32_t>(take({}, {-1, -1}, {-9, -9}, {-1, -2}), {2, 2}, {6, 4, 3, 1});
  expect_output<int32_t>(take({}, {1}, {1}, {1}), {0, 3}, {});
}

TEST(StridedSlice, MasksOpenDropAndAddAxes) {
  expect_output<int32_t>(take({.begin_mask = 2, .end_mask = 1}, {1, 9}, {0, 2}, {1, 1}), {1, 2},
                         {4, 5});
  expect_output<int32_t>(take({.shrink_axis_mask = 1}, {-1, 1}, {0, 3}, {1, 1}), {2}, {5, 6});
  expect_output<int32_t>(take({.ellipsis_mask = 1, .new_axis_mask = 2}, {0, 0}, {0, 0}, {1, 1}),
                         {2, 3, 1}, {1, 2, 3, 4, 5, 6});
  expect_output<int32_t>(take({.ellipsis_mask = 1}, {0, 1}, {0, 2}, {1, 1}), {2, 1}, {2, 5});
}

TEST(StridedSlice, TheEndMayCountFromTheBegin) {
  expect_output<int32_t>(take({.offset = true}, {0, 1}, {1, 2}, {1, 1}), {1, 2}, {2, 3});
  expect_problem(take({.offset = true}, {0, 2}, {1, 2}, {1, 1}), "leaves the extent 3");
}

TEST(StridedSlice, RejectsStridesOfZeroAndIndicesOutside) {
  expect_problem(take({}, {0, 0}, {2, 3}, {1, 0}), "got the stride 0");
  expect_problem(take({.shrink_axis_mask = 1}, {2, 0}, {3, 3}, {1, 1}), "takes index 2");
  expect_problem(take({}, {0, 0, 0}, {1, 1, 1}, {1, 1, 1}), "with 3 indices");
  expect_problem(take({.ellipsis_mask = 3}, {0, 0}, {1, 1}, {1, 1}), "2 ellipses");
}

}  // namespace
}  // namespace wherry
