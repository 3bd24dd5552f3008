// Tests of SHAPE and RANK.
#include "ops/shape/shape_of.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

TEST(ShapeOf, GivesTheExtents) {
  auto y = run_op(op::shape_of, Attributes::of(op::shape_of_attributes, op::ShapeOf{DType::i64}),
                  {fed<float>({2, 0}, {})}, {declared(DType::i64)});
  expect_output<int64_t>(y, {2}, {2, 0});
}

TEST(ShapeOf, RejectsOtherResultTypes) {
  auto y = run_op(op::shape_of, Attributes::of(op::shape_of_attributes, op::ShapeOf{DType::f32}),
                  {fed<float>({1}, {1})}, {declared(DType::f32)});
  expect_problem(y, "SHAPE gives i32 or i64, not f32");
}

TEST(RankOf, GivesTheNumberOfAxes) {
  auto y = run_op(op::rank_of, no_options(), {fed<float>({1, 1, 1}, {1})}, {declared(DType::i32)});
  expect_output<int32_t>(y, {}, {3});
}

}  // namespace
}  // namespace wherry
