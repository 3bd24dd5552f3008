// Tests of Landmarks2TransformMatrix.
#include "ops/detection/landmarks_to_transform_matrix.h"

#include <map>

#include "ops/custom_options_test.h"
#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

using Lists = std::map<const char*, std::vector<int>>;
using Reals = std::map<const char*, double>;

Attributes options(const Lists& lists, const Reals& reals) {
  return custom_options([&](flexbuffers::Builder& map) {
    for (const auto& [name, numbers] : lists)
      map.TypedVector(name, [&, &list = numbers] {
        for (int number : list) map.Int(number);
      });
    put_numbers(map, reals);
  });
}

constexpr const char *left = "left_rotation_idx", *right = "right_rotation_idx",
                     *subset = "subset_idxs", *turn = "target_rotation_radians",
                     *height = "output_height", *width = "output_width";

Reals reals_2(double to = 1, double target = 0) {
  return {{left, 0},   {right, to},      {turn, target}, {height, 10},
          {width, 20}, {"scale_x", 1.5}, {"scale_y", 1}};
}
Reals reals_1() {
  return {{left, 0},
          {right, 1},
          {"dimensions", 3},
          {"landmarks_range", 100},
          {"bbox_size_multiplier", 1.5}};
}
Lists lists_1() {
  return {{"subset", {0, 1, 2}}, {"input_hw", {101, 51}}, {"output_hw", {11, 21}}};
}

/// Of the points (10, 20), (30, 20) and (20, 40).
Outputs matrix(Attributes attributes, Shape shape) {
  return run_op(op::landmarks_to_transform_matrix, std::move(attributes),
                {fed<float>(std::move(shape), {10, 20, 0, 30, 20, 5, 20, 40, 9})},
                {declared(DType::f32)});
}
Outputs matrix_1(const Lists& lists, const Reals& reals) {
  return matrix(options(lists, reals), {1, 1, 1, 9});
}
Outputs matrix_2(const Lists& lists, const Reals& reals) {
  return matrix(options(lists, reals), {1, 3, 3});
}

void expect_matrix(const Outputs& outputs, const std::vector<float>& rows) {
  ASSERT_TRUE(outputs) << problem(outputs);
  EXPECT_EQ((*outputs)[0].type.shape, (Shape{1, 4, 4}));
  std::vector<float> expected = rows, got = elements<float>((*outputs)[0]);
  expected.insert(expected.end(), {0, 0, 1, 0, 0, 0, 0, 1});
  for (size_t i = 0; i < 16; ++i) EXPECT_NEAR(got[i], expected[i], 1e-5f) << "element " << i;
}

TEST(LandmarksToTransformMatrix, SurroundsPointsByAScaledBox) {
  expect_matrix(matrix_2({{subset, {0, 1, 2}}}, reals_2()), {1.5f, 0, 0, 5, 0, 2, 0, 20});
}

TEST(LandmarksToTransformMatrix, TurnsTwoPointsSideBySide) {
  // Numbers by NumPy: the line from point 0 to point 2 is 63.43 degrees steep.
  expect_matrix(matrix_2({{subset, {0, 1, 2}}}, reals_2(2)),
                {0.75f, -1.6f, 0, 23.5f, 1.5f, 0.8f, 0, 7});
}

TEST(LandmarksToTransformMatrix, VersionOneCountsInPartsOfThePicture) {
  expect_matrix(matrix_1(lists_1(), reals_1()), {0.75f, 0, 0, 2.5f, 0, 3, 0, 15});
}

TEST(LandmarksToTransformMatrix, RejectsPointsThatAreNotThere) {
  expect_problem(matrix_2({{subset, {0, 3}}}, reals_2()), "uses point 3 of 3");
  expect_problem(matrix_2({{subset, {0, -1}}}, reals_2()), "uses point -1 of 3");
  expect_problem(matrix_2({{subset, {}}}, reals_2()), "must be a list of whole numbers");
  expect_problem(matrix_2({{subset, {0}}}, reals_2(7)), "uses point 7 of 3");
  expect_problem(matrix_2({{subset, {0}}}, reals_2(-1)), "needs right_rotation_idx of 0 or more");
  expect_problem(matrix(options({{subset, {0}}}, reals_2()), {1, 1, 1, 9}),
                 "version 2 needs points of shape [1, count, 3]");
  expect_problem(matrix(options(lists_1(), reals_1()), {1, 3, 3}),
                 "version 1 needs points of shape [1, 1, 1, channels]");
}

TEST(LandmarksToTransformMatrix, RejectsOptionsOutOfRange) {
  const auto second = [](const char* name, double value) {
    Reals reals = reals_2();
    reals[name] = value;
    return matrix_2({{subset, {0, 1}}}, reals);
  };
  expect_problem(second(height, 0), "needs output_height and output_width of 1 or more");
  expect_problem(second(width, -1), "needs output_height and output_width of 1 or more");
  expect_problem(second("scale_x", 0), "needs scale_x above 0");
  expect_problem(second("scale_y", -2), "needs scale_y above 0");
  const auto first = [](const char* name, double value) {
    Reals reals = reals_1();
    reals[name] = value;
    return matrix_1(lists_1(), reals);
  };
  expect_problem(first("dimensions", 2), "needs points of 3 dimensions, got 2");
  expect_problem(first("landmarks_range", 0), "needs landmarks_range above 0");
  expect_problem(first("bbox_size_multiplier", 0), "bbox_size_multiplier other than 0");
  Lists lists = lists_1();
  lists["input_hw"] = {0, 5};
  expect_problem(matrix_1(lists, reals_1()), "needs input_hw as [height, width]");
  expect_problem(matrix_2({}, reals_2()), "needs the option 'subset'");
}

}  // namespace
}  // namespace wherry
