// Tests of TransformTensorBilinear.
#include "ops/image/transform_tensor_bilinear.h"

#include "ops/custom_options_test.h"
#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Attributes corners(int height, int width, const char* mode = "bilinear") {
  return custom_options([&](flexbuffers::Builder& map) {
    map.String("mode", mode);
    map.TypedVector("output_size", [&] {
      map.Int(height);
      map.Int(width);
    });
  });
}

Attributes centres(int height, int width) {
  return custom_options([&](flexbuffers::Builder& map) {
    map.Int("output_height", height);
    map.Int("output_width", width);
  });
}

/// A cut-out of the picture 0 4 / 8 12; `rows` are the upper two of the matrix.
Outputs cut(Attributes attributes, std::vector<float> rows) {
  rows.resize(16);
  return run_op(op::transform_tensor_bilinear, std::move(attributes),
                {fed<float>({1, 2, 2, 1}, {0, 4, 8, 12}), fed<float>({1, 4, 4}, std::move(rows))},
                {declared(DType::f32)});
}

TEST(TransformTensorBilinear, MixesFourPixelsAndGivesZeroOutside) {
  Outputs y = cut(corners(1, 3), {0.5f, 0, 9, 0.5f, 0.25f, 1, 9, 0.5f});
  expect_output<float>(y, {1, 1, 3, 1}, {6, 10, 0});  // at (0.5, 0.5), (1, 0.75), (1.5, 1)
}

TEST(TransformTensorBilinear, VersionTwoCountsFromPixelCentres) {
  Outputs y = cut(centres(1, 3), {0.5f, 0, 0, 0, 0, 1, 0, 0});
  expect_output<float>(y, {1, 1, 3, 1}, {0, 1, 3});  // at x = -0.25, 0.25, 0.75
}

TEST(TransformTensorBilinear, PositionsThatAreNoNumbersAreOutside) {
  for (float bad : {std::numeric_limits<float>::quiet_NaN(), HUGE_VALF, -HUGE_VALF, 1e30f})
    expect_output<float>(cut(centres(1, 1), {1, 0, 0, bad, 0, 1, 0, 0}), {1, 1, 1, 1}, {0});
}

TEST(TransformTensorBilinear, RejectsWhatItDoesNotKnow) {
  expect_problem(cut(corners(1, 1, "nearest"), {}), "unknown mode 'nearest'");
  expect_problem(cut(corners(0, 1), {}), "needs an output of 1 x 1 or more, got 0 x 1");
  expect_problem(cut(centres(1, -1), {}), "needs an output of 1 x 1 or more, got 1 x -1");
  EXPECT_FALSE(cut(centres(0x7fffffff, 0x7fffffff), {}));
  expect_problem(
      cut(custom_options([](flexbuffers::Builder& map) { map.Int("output_height", 1); }), {}),
      "needs the option 'output_width'");
  expect_problem(cut(Attributes::defaults(op::custom_attributes), {}),
                 "needs the option 'output_size'");
  expect_problem(
      run_op(op::transform_tensor_bilinear, centres(1, 1),
             {fed<float>({2, 1, 1, 1}, {1, 2}), fed<float>({1, 4, 4}, std::vector<float>(16))},
             {declared(DType::f32)}),
      "needs an image of shape [1, height, width, channels]");
  expect_problem(run_op(op::transform_tensor_bilinear, centres(1, 1),
                        {fed<float>({1, 1, 1, 1}, {1}), fed<float>({2, 4}, std::vector<float>(8))},
                        {declared(DType::f32)}),
                 "needs a matrix of 4 x 4 numbers");
}

}  // namespace
}  // namespace wherry
