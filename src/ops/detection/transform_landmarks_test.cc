// Tests of TransformLandmarks.
#include "ops/detection/transform_landmarks.h"

#include "ops/custom_options_test.h"
#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Attributes version_1(int dimensions, double scale) {
  return custom_options([&](flexbuffers::Builder& map) {
    map.Int("dimensions", dimensions);
    map.Double("scale", scale);
  });
}
Attributes version_2() { return Attributes::defaults(op::custom_attributes); }

/// Moves by x' = 2x + 3y + 5, y' = -x + 7.
Outputs move(Attributes attributes, Shape shape, std::vector<float> points, int64_t numbers = 16) {
  std::vector<float> matrix = {2, 3, 9, 5, -1, 0, 9, 7};
  matrix.resize(static_cast<size_t>(numbers));
  return run_op(op::transform_landmarks, std::move(attributes),
                {fed<float>(shape, std::move(points)), fed<float>({1, numbers}, std::move(matrix))},
                {declared(DType::f32)});
}

TEST(TransformLandmarks, MovesPointsAndKeepsTheirDepth) {
  expect_output<float>(move(version_2(), {1, 2, 2}, {1, 1, 0, 2}), {1, 2, 2}, {10, 6, 11, 7});
  expect_output<float>(move(version_2(), {1, 1, 3}, {1, 1, 42}), {1, 1, 3}, {10, 6, 42});
}

TEST(TransformLandmarks, VersionOneHasPointsSideBySideAndScalesTheShift) {
  expect_output<float>(move(version_1(3, 10), {1, 1, 1, 6}, {1, 1, 42, 0, 0, 8}), {1, 1, 1, 6},
                       {55, 69, 42, 50, 70, 8});
  expect_output<float>(move(version_1(2, 1), {1, 2, 1, 2}, {1, 1, 0, 2}), {1, 2, 1, 2},
                       {10, 6, 11, 7});
}

TEST(TransformLandmarks, RejectsOtherShapesAndOptions) {
  expect_problem(move(version_2(), {1, 1, 4}, {1, 1, 1, 1}), "2 or 3 dimensions, got 4");
  expect_problem(move(version_2(), {2, 1, 2}, {1, 1, 1, 1}), "needs points of shape [1, count");
  expect_problem(move(version_1(1, 1), {1, 1, 1, 2}, {1, 1}), "2 or 3 dimensions, got 1");
  expect_problem(move(version_1(3, 1), {1, 1, 1, 4}, {1, 1, 1, 1}), "needs a multiple");
  expect_problem(move(version_1(2, 0), {1, 1, 1, 2}, {1, 1}), "needs a scale other than 0");
  expect_problem(move(version_2(), {1, 1, 2}, {1, 1}, 8), "needs a matrix of 4 x 4 numbers");
}

}  // namespace
}  // namespace wherry
