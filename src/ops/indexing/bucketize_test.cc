// Tests of BUCKETIZE.
#include "ops/indexing/bucketize.h"

#include <limits>

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

template <class T>
Outputs sort_into(std::vector<float> boundaries, std::vector<T> x) {
  auto extent = static_cast<int64_t>(x.size());
  return run_op(op::bucketize,
                Attributes::of(op::bucketize_attributes, op::Bucketize{std::move(boundaries)}),
                {fed<T>({extent}, std::move(x))}, {declared(DType::i32)});
}

TEST(Bucketize, CountsBoundariesThatAreNotAbove) {
  expect_output<int32_t>(sort_into<float>({0, 1.5f}, {-1, 0, 1, 1.5f, 9}), {5}, {0, 1, 1, 2, 2});
  expect_output<int32_t>(sort_into<int64_t>({0, 1.5f}, {-1, 0, 1, 2}), {4}, {0, 1, 1, 2});
  expect_output<int32_t>(sort_into<double>({0.1f}, {0.1, 0.2}), {2}, {0, 1});  // 0.1f is above 0.1
  expect_output<int32_t>(sort_into<int32_t>({}, {5}), {1}, {0});
}

TEST(Bucketize, RejectsBoundariesThatDoNotAscend) {
  expect_problem(sort_into<float>({1, 0}, {0}),
                 "BUCKETIZE needs ascending boundaries, got 0 after 1");
  expect_problem(sort_into<float>({0, std::numeric_limits<float>::quiet_NaN()}, {0}),
                 "BUCKETIZE needs ascending boundaries");
}

}  // namespace
}  // namespace wherry
