// Tests of RANGE.
#include "ops/shape/range.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

template <class T>
Outputs range(T start, T limit, T delta) {
  return run_op(
      op::range, no_options(),
      {constant<T>(Shape(), {start}), constant<T>(Shape(), {limit}), constant<T>(Shape(), {delta})},
      {declared(dtype_of<T>)});
}

TEST(Range, LeavesOutTheLimit) {
  expect_output<int32_t>(range(3, 9, 3), {2}, {3, 6});
  expect_output<int64_t>(range<int64_t>(1, -2, -1), {3}, {1, 0, -1});
  expect_output<float>(range(0.0f, 1.0f, 0.4f), {3}, {0, 0.4f, 0.8f});
}

TEST(Range, CountsOverTheWholeRangeOfTheType) {
  expect_output<int32_t>(range(INT32_MIN, INT32_MAX, INT32_MAX), {3},
                         {INT32_MIN, -1, INT32_MAX - 1});
}

TEST(Range, RejectsStepsThatLeadNowhere) {
  expect_problem(range(0, 5, 0), "cannot go in steps of 0");
  expect_problem(range(0, 5, -1), "cannot get from 0 to 5");
  expect_problem(range<int64_t>(INT64_MIN, INT64_MAX, 1), "too long");
  expect_problem(range(0.0f, 1e30f, 1e-30f), "too long");
  expect_problem(range(0.0f, NAN, 1.0f), "cannot go in steps");
}

}  // namespace
}  // namespace wherry
