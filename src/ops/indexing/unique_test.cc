// Tests of UNIQUE.
#include "ops/indexing/unique.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

TEST(Unique, KeepsTheOrderOfFirstAppearance) {
  auto y = run_op(op::unique, Attributes::of(op::unique_attributes, op::Unique{DType::i64}),
                  {fed<int8_t>({5}, {7, 3, 7, 9, 3})}, {declared(DType::i8), declared(DType::i64)});
  expect_output<int8_t>(y, {3}, {7, 3, 9}, 0);
  expect_output<int64_t>(y, {5}, {0, 1, 0, 2, 1}, 1);
}

TEST(Unique, NothingEqualsNan) {
  auto y =
      run_op(op::unique, Attributes::of(op::unique_attributes, op::Unique{}),
             {fed<float>({4}, {NAN, 0, NAN, -0.0f})}, {declared(DType::f32), declared(DType::i32)});
  expect_output<int32_t>(y, {4}, {0, 1, 2, 1}, 1);
}

TEST(Unique, RejectsMatrices) {
  auto y = run_op(op::unique, Attributes::of(op::unique_attributes, op::Unique{}),
                  {fed<float>({1, 1}, {1})}, {declared(DType::f32), declared(DType::i32)});
  expect_problem(y, "UNIQUE takes a vector");
}

}  // namespace
}  // namespace wherry
