// Convolutions, pools and pictures as functions.
#include "keras/functions/function_test.h"

namespace wherry::keras::test {
namespace {

TEST(Windows, StridesAndPaddingInTheNotationOfTensorFlow) {
  Fed picture{{1, 2, 3, 1}, {1, 2, 3, 4, 5, 6}};
  Older pool{
      "nn.max_pool",
      R"(["x0", 0, 0, {"ksize": [1, 2, 2, 1], "strides": [1, 1, 2, 1], "padding": "SAME"}])"};
  expect_result(run(pool, {picture}), {1, 2, 2, 1}, {5, 6, 5, 6});
  Newer mean{
      "AveragePool",
      R"({"pool_size": 2, "strides": 1, "padding": "valid", "data_format": "channels_last"})",
      R"(["$x0"])"};
  expect_result(run(mean, {picture}), {1, 1, 2, 1}, {3, 4});
}

TEST(Windows, BlocksArePooledSliceBySlice) {
  Fed block{{1, 2, 2, 2, 1}, {1, 2, 3, 4, 5, 6, 7, 8}};
  expect_result(run(Newer{"MaxPool", R"({"pool_size": 2})", R"(["$x0"])"}, {block}),
                {1, 1, 1, 1, 1}, {8});
  expect_result(run(Newer{"AveragePool", R"({"pool_size": 2})", R"(["$x0"])"}, {block}),
                {1, 1, 1, 1, 1}, {4.5});
}

TEST(Windows, MarginsNeverWinAMaximum) {
  Older pool{"nn.max_pool2d", R"(["x0", 0, 0, {"ksize": 2, "strides": 2, "padding": [[0, 0], [1, 1],
                                 [1, 1], [0, 0]]}])"};
  expect_result(run(pool, {{{1, 2, 2, 1}, {-1, -2, -3, -4}}}), {1, 2, 2, 1}, {-1, -2, -3, -4});
}

TEST(Windows, PartsOfAdaptivePoolsMayOverlap) {
  Newer pool{"AdaptiveAveragePool", R"({"output_size": 2, "data_format": "channels_last"})",
             R"(["$x0"])"};
  expect_result(run(pool, {{{1, 3, 1}, {1, 2, 6}}}), {1, 2, 1}, {1.5, 4});
}

TEST(Convolution, KernelsMayBeConstantsOrTensors) {
  Fed line{{1, 3, 1}, {1, 2, 4}};
  Older fixed{"nn.conv1d", R"(["x0", 0, 0, {"filters": [[[1]], [[10]]], "stride": 1,
                              "padding": "VALID"}])"};
  expect_result(run(fixed, {line}), {1, 2, 1}, {21, 42});
  Newer causal{"Conv", R"({"strides": 1, "padding": "same"})", R"(["$x0", [[[1]], [[10]]]])"};
  expect_result(run(causal, {line}), {1, 3, 1}, {21, 42, 4});
}

TEST(Convolution, ExplicitPaddingIsPadded) {
  Older padded{"nn.conv2d", R"(["x0", 0, 0, {"filters": [[[[1]], [[1]]]], "strides": 1,
                               "padding": [[0, 0], [0, 0], [1, 0], [0, 0]]}])"};
  expect_result(run(padded, {{{1, 1, 2, 1}, {3, 4}}}), {1, 1, 2, 1}, {3, 7});
}

TEST(Image, ResizesOnePictureOrABatch) {
  Older nearest{"image.resize", R"(["x0", 0, 0, {"size": [1, 4], "method": "nearest"}])"};
  expect_result(run(nearest, {{{1, 1, 2, 1}, {3, 4}}}), {1, 1, 4, 1}, {3, 3, 4, 4});
  Older corners{"compat.v1.image.resize_bilinear",
                R"(["x0", 0, 0, {"size": [1, 3], "align_corners": true}])"};
  expect_result(run(corners, {{{1, 1, 2, 1}, {3, 4}}}), {1, 1, 3, 1}, {3, 3.5, 4});
}

TEST(Image, CropsAndPadsByMarginsAndSizes) {
  Fed picture{{1, 2, 2, 1}, {1, 2, 3, 4}};
  Newer crop{"CropImages", R"({"top_cropping": 1, "left_cropping": 0, "bottom_cropping": null,
                               "right_cropping": 1, "target_height": 1, "target_width": null})",
             R"(["$x0"])"};
  expect_result(run(crop, {picture}), {1, 1, 1, 1}, {3});
  Older pad{"image.resize_with_crop_or_pad",
            R"(["x0", 0, 0, {"target_height": 1, "target_width": 4}])"};
  expect_result(run(pad, {picture}), {1, 1, 4, 1}, {0, 1, 2, 0});
}

TEST(Image, PatchesStandSideBySide) {
  Newer patches{"ExtractPatches", R"({"size": [1, 2], "strides": 1})", R"(["$x0"])"};
  expect_result(run(patches, {{{1, 1, 3, 1}, {1, 2, 3}}}), {1, 1, 2, 2}, {1, 2, 2, 3});
}

TEST(Colours, HueSurvivesBothWays) {
  Fed pixel{{1, 1, 1, 3}, {0.2f, 0.4f, 0.8f}};
  Outputs hsv = run(Older{"image.rgb_to_hsv", R"(["x0", 0, 0, {}])"}, {pixel});
  expect_result(hsv, {1, 1, 1, 3}, {0.611111111, 0.75, 0.8});
  Fed back{{1, 1, 1, 3}, {0.611111111f, 0.75f, 0.8f}};
  expect_result(run(Older{"image.hsv_to_rgb", R"(["x0", 0, 0, {}])"}, {back}), {1, 1, 1, 3},
                {0.2, 0.4, 0.8});
}

TEST(Attention, LooksOnlyBackWhereItIsCausal) {
  Fed steps{{1, 2, 1, 1}, {1, 2}};
  Newer attention{"DotProductAttention", R"({"is_causal": true})", R"(["$x0", "$x0", "$x0"])"};
  expect_result(run(attention, {steps}), {1, 2, 1, 1}, {1, 1.880797078});
}

TEST(Resampling, WeightsOfAnAxisAreAMatrix) {
  Older area{"image.resize", R"(["x0", 0, 0, {"size": [1, 2], "method": "area"}])"};
  expect_result(run(area, {{{1, 1, 3, 1}, {1, 4, 7}}}), {1, 1, 2, 1}, {2, 6});
  Older cubic{"image.resize", R"(["x0", 0, 0, {"size": [1, 3], "method": "bicubic"}])"};
  expect_result(run(cubic, {{{1, 1, 3, 1}, {1, 4, 7}}}), {1, 1, 3, 1}, {1, 4, 7});
}

TEST(Resampling, AntialiasLooksFartherAround) {
  Newer smaller{"Resize", R"({"size": [1, 1], "antialias": true})", R"(["$x0"])"};
  expect_result(run(smaller, {{{1, 1, 4, 1}, {0, 0, 8, 8}}}), {1, 1, 1, 1}, {4});
}

TEST(Signal, SpectraOfRealRowsComeBack) {
  Fed row{{1, 4}, {1, 2, 4, 0}};
  Outputs spectrum = run(Newer{"RFFT", "{}", R"(["$x0"])", 2}, {row});
  expect_result(spectrum, {1, 3}, {7, -3, 3}, 0);
  expect_result(spectrum, {1, 3}, {0, -2, 0}, 1);
  Newer back{"IRFFT", "{}", R"([["$x0", "$x1"]])"};
  expect_result(run(back, {{{1, 3}, {7, -3, 3}}, {{1, 3}, {0, -2, 0}}}), {1, 4}, {1, 2, 4, 0});
}

TEST(Signal, MagnitudesOfComplexSpectraAreReal) {
  Older spectrum{"signal.rfft", R"(["x0", 0, 0, {"fft_length": [3]}])"};
  std::string text = problem(run(spectrum, {{{1, 4}, {1, 2, 4, 0}}}));
  EXPECT_NE(text.find("give a power of two"), std::string::npos) << text;
}

}  // namespace
}  // namespace wherry::keras::test
