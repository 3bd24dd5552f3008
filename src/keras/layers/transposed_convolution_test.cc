// Tests of transposed convolutions, with numbers that Keras 3.15 computed.
#include <gtest/gtest.h>

#include "keras/layers/layer_case_test.h"
#include "keras/small_model_test.h"

namespace wherry::keras {
namespace {

TEST(TransposedConvolution, GrowsByItsStrides) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 2, 2, 1]",
           R"({"class_name": "Conv2DTranspose", "config": {"name": "conv2d_transpose", )"
           R"("trainable": true, "dtype": "float32", "filters": 1, "kernel_size": [3, 3], )"
           R"("strides": [2, 2], "padding": "valid", "data_format": "channels_last", )"
           R"("dilation_rate": [1, 1], "activation": "linear", "use_bias": true}})"),
       .weights = {{"conv2d_transpose/kernel", {3, 3, 1, 1}}, {"conv2d_transpose/bias", {1}}},
       .inputs = {{"x", {1, 2, 2, 1}}},
       .results = {
           "-0.125 0.375 1.0625 0.375 0.29688 0.0625 0.3125 0.51562 0.45312 0.6875 1.0625 0.5625 "
           "-1.0469 0.14062 0.79688 0.6875 0.4375 0.078125 0.26562 -0.0625 0.1875 0.1875 0.95312 "
           "0.70312 -0.0625"}});
}

TEST(TransposedConvolution, TakesTheShapeOfItsInputAsItIs) {
  std::string options =
      R"("filters": 2, "kernel_size": [3, 3], "strides": [1, 1], "padding": "same", )"
      R"("use_bias": false)";
  SavedModel saved = small_model(
      Dialect::keras2, sequential("[null, 4, 4, 2]", layer_json("Conv2DTranspose", options)),
      {{"conv2dtranspose/kernel:0", {3, 3, 2, 2}, std::vector<float>(36, 0.5f)}});
  EXPECT_EQ(operators_of(saved), "SHAPE TRANSPOSE_CONV");
}

TEST(TransposedConvolution, KeepsZerosBetweenDilatedTaps) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 3, 2]",
           R"({"class_name": "Conv1DTranspose", "config": {"name": "conv1d_transpose", )"
           R"("trainable": true, "dtype": "float32", "filters": 2, "kernel_size": [2], "strides": )"
           R"([1], "padding": "valid", "data_format": "channels_last", "dilation_rate": [2], )"
           R"("activation": "linear", "use_bias": true}})"),
       .weights = {{"conv1d_transpose/kernel", {2, 2, 2}}, {"conv1d_transpose/bias", {2}}},
       .inputs = {{"x", {1, 3, 2}}},
       .results = {"-0.125 -0.29688 0.875 -1.3594 1.375 -1.5156 0 -0.60938 -0.03125 -0.65625"}});
}

TEST(TransposedConvolution, AddsOutputPadding) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 2, 2, 1]",
           R"({"class_name": "Conv2DTranspose", "config": {"name": "conv2d_transpose", )"
           R"("trainable": true, "dtype": "float32", "filters": 1, "kernel_size": [3, 3], )"
           R"("strides": [2, 2], "padding": "same", "output_padding": [1, 0], "data_format": )"
           R"("channels_last", "dilation_rate": [1, 1], "activation": "linear", "use_bias": true}})"),
       .weights = {{"conv2d_transpose/kernel", {3, 3, 1, 1}}, {"conv2d_transpose/bias", {1}}},
       .inputs = {{"x", {1, 2, 2, 1}}},
       .results = {
           "0.375 1.0625 0.375 0.3125 0.51562 0.45312 0.5625 -1.0469 0.14062 0.4375 0.078125 "
           "0.26562"}});
}

TEST(TransposedConvolution, GrowsVolumes) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 2, 1, 2, 1]",
           R"({"class_name": "Conv3DTranspose", "config": {"name": "conv3d_transpose", )"
           R"("trainable": true, "dtype": "float32", "filters": 2, "kernel_size": [1, 2, 2], )"
           R"("strides": [1, 2, 1], "padding": "valid", "data_format": "channels_last", )"
           R"("dilation_rate": [1, 1, 1], "activation": "linear", "use_bias": true}})"),
       .weights = {{"conv3d_transpose/kernel", {1, 2, 2, 2, 1}}, {"conv3d_transpose/bias", {2}}},
       .inputs = {{"x", {1, 2, 1, 2, 1}}},
       .results = {
           "-0.125 -0.75 1.0625 -1.0625 0.29688 -0.35938 0.3125 -1 0.64062 -0.25 0.14062 "
           "-0.98438 0.875 -0.75 -0.5625 -0.4375 0.48438 -1.2969 0.4375 -0.5 0.078125 -1.375 "
           "0.70312 -0.42188"}});
}

TEST(TransposedConvolution, SizesItsResultWhileRunningWhereTheInputIsOpen) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, null, 1]",
           R"({"class_name": "Conv1DTranspose", "config": {"name": "conv1d_transpose", )"
           R"("trainable": true, "dtype": "float32", "filters": 1, "kernel_size": [3], "strides": )"
           R"([2], "padding": "valid", "data_format": "channels_last", "dilation_rate": [1], )"
           R"("activation": "linear", "use_bias": true}})"),
       .weights = {{"conv1d_transpose/kernel", {3, 1, 1}}, {"conv1d_transpose/bias", {1}}},
       .inputs = {{"x", {1, 6, 1}}},
       .results = {"-0.125 0.375 1.0625 0.375 0.79688 0.375 -0.5625 0.375 1.2344 0.375 -0.71875 "
                   "0.375 0.5"}});
}

}  // namespace
}  // namespace wherry::keras
