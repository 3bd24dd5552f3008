// Tests of SPLIT and SPLIT_V.
#include "ops/shape/split.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs split(int32_t axis, int32_t parts) {
  return run_op(op::split, Attributes::of(op::split_attributes, op::Split{parts}),
                {constant<int32_t>(Shape(), {axis}), fed<float>({2, 2}, {1, 2, 3, 4})},
                {declared(DType::f32), declared(DType::f32)});
}
Outputs split_v(std::vector<int32_t> sizes) {
  return run_op(
      op::split_v, Attributes::of(op::split_v_attributes, op::Split{2}),
      {fed<float>({3}, {1, 2, 3}), constant<int32_t>({2}, sizes), constant<int32_t>(Shape(), {0})},
      {declared(DType::f32), declared(DType::f32)});
}

TEST(Split, CutsEqualParts) {
  expect_output<float>(split(-1, 2), {2, 1}, {1, 3}, 0);
  expect_output<float>(split(-1, 2), {2, 1}, {2, 4}, 1);
}

TEST(Split, RejectsPartsOfZeroAndUnequalOnes) {
  expect_problem(split(0, 0), "SPLIT into 0 parts has 2 outputs");
  expect_problem(split(2, 2), "out of range");
}

TEST(SplitV, CutsPartsOfGivenSizes) {
  expect_output<float>(split_v({1, -1}), {1}, {1}, 0);
  expect_output<float>(split_v({1, -1}), {2}, {2, 3}, 1);
}

TEST(SplitV, RejectsSizesThatDoNotAddUp) {
  expect_problem(split_v({1, 1}), "cannot cut the extent 3 into [1, 1]");
  expect_problem(split_v({4, -1}), "cannot cut the extent 3 into [4, -1]");
  expect_problem(split_v({-1, -1}), "cannot use the sizes");
  expect_problem(split_v({-2, 5}), "cannot use the sizes");
}

}  // namespace
}  // namespace wherry
