// Tests of REVERSE_V2.
#include "ops/shape/reverse_v2.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs reverse(std::vector<int32_t> axes) {
  return run_op(
      op::reverse_v2, no_options(),
      {fed<int32_t>({2, 2}, {1, 2, 3, 4}), fed<int32_t>({static_cast<int64_t>(axes.size())}, axes)},
      {declared(DType::i32)});
}

TEST(ReverseV2, TurnsAxesAround) {
  expect_output<int32_t>(reverse({1}), {2, 2}, {2, 1, 4, 3});
  expect_output<int32_t>(reverse({0, -1}), {2, 2}, {4, 3, 2, 1});
}

TEST(ReverseV2, RejectsAxesOutOfRangeAndTwice) {
  expect_problem(reverse({2}), "out of range");
  expect_problem(reverse({1, -1}), "names an axis twice");
}

}  // namespace
}  // namespace wherry
