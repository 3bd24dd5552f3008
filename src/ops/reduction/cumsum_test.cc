// Tests of CUMSUM.
#include "ops/reduction/cumsum.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

template <class T>
Outputs sums(op::Cumsum options, Shape shape, std::vector<T> x, std::vector<int32_t> axis) {
  auto count = static_cast<int64_t>(axis.size());
  return run_op(op::cumsum, Attributes::of(op::cumsum_attributes, options),
                {fed<T>(std::move(shape), std::move(x)), fed<int32_t>({count}, std::move(axis))},
                {declared(dtype_of<T>)});
}

TEST(Cumsum, RunsForwardsOrBackwardsWithOrWithoutItself) {
  const std::vector<float> x = {1, 2, 4};
  expect_output<float>(sums({}, {3}, x, {0}), {3}, {1, 3, 7});
  expect_output<float>(sums({.exclusive = true}, {3}, x, {0}), {3}, {0, 1, 3});
  expect_output<float>(sums({.reverse = true}, {3}, x, {0}), {3}, {7, 6, 4});
  expect_output<float>(sums({.exclusive = true, .reverse = true}, {3}, x, {0}), {3}, {6, 4, 0});
}

TEST(Cumsum, RunsAlongAnyAxis) {
  const std::vector<int32_t> x = {1, 2, 3, 4, 5, 6, 7, 8};
  expect_output<int32_t>(sums({}, {2, 2, 2}, x, {1}), {2, 2, 2}, {1, 2, 4, 6, 5, 6, 12, 14});
  expect_output<int32_t>(sums({}, {2, 2, 2}, x, {-3}), {2, 2, 2}, {1, 2, 3, 4, 6, 8, 10, 12});
}

TEST(Cumsum, WrapsAndTakesNothing) {
  expect_output<int64_t>(sums<int64_t>({}, {2}, {INT64_MAX, 1}, {0}), {2}, {INT64_MAX, INT64_MIN});
  expect_output<float>(sums<float>({}, {2, 0}, {}, {1}), {2, 0}, {});
}

TEST(Cumsum, RejectsAxes) {
  expect_problem(sums<float>({}, {1}, {1}, {1}), "axis of CUMSUM");
  expect_problem(sums<float>({}, Shape(), {1}, {0}), "axis of CUMSUM");
  expect_problem(sums<float>({}, {1}, {1}, {0, 0}), "CUMSUM needs one axis");
}

}  // namespace
}  // namespace wherry
