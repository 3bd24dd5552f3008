// Tests of MIRROR_PAD.
#include "ops/shape/mirror_pad.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs mirror(MirrorMode mode, std::vector<int32_t> amounts) {
  return run_op(op::mirror_pad, Attributes::of(op::mirror_pad_attributes, op::MirrorPad{mode}),
                {fed<int32_t>({3}, {1, 2, 3}), constant<int32_t>({1, 2}, amounts)},
                {declared(DType::i32)});
}

TEST(MirrorPad, RepeatsTheEdgeOrNot) {
  expect_output<int32_t>(mirror(MirrorMode::reflect, {2, 1}), {6}, {3, 2, 1, 2, 3, 2});
  expect_output<int32_t>(mirror(MirrorMode::symmetric, {3, 1}), {7}, {3, 2, 1, 1, 2, 3, 3});
}

TEST(MirrorPad, RejectsMoreThanThereIsToMirror) {
  expect_problem(mirror(MirrorMode::reflect, {3, 0}), "can pad axis 0 by at most 2");
  expect_problem(mirror(MirrorMode::symmetric, {0, 4}), "can pad axis 0 by at most 3");
  expect_problem(mirror(MirrorMode::symmetric, {-1, 0}), "can pad axis 0 by at most 3");
}

}  // namespace
}  // namespace wherry
