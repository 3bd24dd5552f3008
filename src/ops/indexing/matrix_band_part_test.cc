// Tests of MatrixBandPart.
#include "ops/indexing/matrix_band_part.h"

#include "ops/op_test.h"
#include "ops/opaque.h"

namespace wherry {
namespace {

using namespace test;

Outputs band(Shape shape, int64_t below, int64_t above) {
  std::vector<int32_t> x(static_cast<size_t>(shape.elements()));
  for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<int32_t>(i + 1);
  return run_op(op::matrix_band_part, Attributes::of(op::custom_attributes, op::Custom{}),
                {fed<int32_t>(std::move(shape), x), constant<int64_t>(Shape(), {below}),
                 constant<int64_t>(Shape(), {above})},
                {declared(DType::i32)});
}

TEST(MatrixBandPart, KeepsDiagonalsNearTheMainOne) {
  expect_output<int32_t>(band({3, 3}, 0, 1), {3, 3}, {1, 2, 0, 0, 5, 6, 0, 0, 9});
  expect_output<int32_t>(band({3, 2}, 1, 0), {3, 2}, {1, 0, 3, 4, 0, 6});
}

TEST(MatrixBandPart, ANegativeNumberKeepsAWholeTriangle) {
  expect_output<int32_t>(band({2, 2, 2}, -1, 0), {2, 2, 2}, {1, 0, 3, 4, 5, 0, 7, 8});
  expect_output<int32_t>(band({2, 3}, INT64_MIN, INT64_MAX), {2, 3}, {1, 2, 3, 4, 5, 6});
}

TEST(MatrixBandPart, RejectsVectors) {
  expect_problem(band({4}, 0, 0), "MatrixBandPart needs matrices, got the shape [4]");
}

}  // namespace
}  // namespace wherry
