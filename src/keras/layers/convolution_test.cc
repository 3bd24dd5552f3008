// Tests of convolutions, with numbers that Keras 2.15 and 3.15 computed.
#include <gtest/gtest.h>

#include "keras/layers/layer_case_test.h"
#include "keras/small_model_test.h"

namespace wherry::keras {
namespace {

TEST(Convolution, PadsBeforeTheFirstStepWhenCausal) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 4, 1]",
           R"({"class_name": "Conv1D", "config": {"name": "conv1d", "trainable": true, "dtype": )"
           R"("float32", "filters": 2, "kernel_size": [2], "strides": [1], "padding": "causal", )"
           R"("data_format": "channels_last", "dilation_rate": [2], "groups": 1, "activation": )"
           R"("linear", "use_bias": true}})"),
       .weights = {{"conv1d/kernel", {2, 1, 2}}, {"conv1d/bias", {2}}},
       .inputs = {{"x", {1, 4, 1}}},
       .results = {"0.4375 -1.0625 0.29688 -0.35938 -0.1875 -0.4375 1.1094 -1.2969"}});
}

TEST(Convolution, ConvolvesGroupsByThemselves) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 3, 3, 4]",
           R"({"class_name": "Conv2D", "config": {"name": "conv2d", "trainable": true, "dtype": )"
           R"("float32", "filters": 2, "kernel_size": [2, 2], "strides": [1, 1], "padding": )"
           R"("valid", "data_format": "channels_last", "dilation_rate": [1, 1], "groups": 2, )"
           R"("activation": "linear", "use_bias": true}})"),
       .weights = {{"conv2d/kernel", {2, 2, 2, 2}}, {"conv2d/bias", {2}}},
       .inputs = {{"x", {1, 3, 3, 4}}},
       .results = {"-0.10938 -1.0938 0.71875 -2.3906 1.125 -0.4375 -0.625 -1.9688"}});
}

TEST(Convolution, OfVolumesConvolvesGroupsByThemselves) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 2, 2, 2, 2]",
           R"({"class_name": "Conv3D", "config": {"name": "conv3d", "trainable": true, "dtype": )"
           R"("float32", "filters": 2, "kernel_size": [2, 1, 2], "strides": [1, 1, 1], "padding": )"
           R"("same", "data_format": "channels_last", "dilation_rate": [1, 1, 1], "groups": 2, )"
           R"("activation": "linear", "use_bias": true}})"),
       .weights = {{"conv3d/kernel", {2, 1, 2, 1, 2}}, {"conv3d/bias", {2}}},
       .inputs = {{"x", {1, 2, 2, 2, 2}}},
       .results = {
           "0.015625 -1.1094 0.76562 -0.5 1.4531 -0.79688 0.53125 -0.8125 -0.51562 -0.4375 -0.5 "
           "-0.75 1.0938 -0.82812 -0.375 -0.75"}});
}

TEST(Convolution, AppliesSoftmaxAlongTheLastAxisOfItsOwnOrder) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 1, 2, 3]",
           R"({"class_name": "Conv2D", "config": {"name": "conv2d", "trainable": true, "dtype": )"
           R"("float32", "filters": 2, "kernel_size": [1, 1], "strides": [1, 1], "padding": )"
           R"("valid", "data_format": "channels_first", "dilation_rate": [1, 1], "groups": 1, )"
           R"("activation": "softmax", "use_bias": true}})"),
       .weights = {{"conv2d/kernel", {1, 1, 1, 2}}, {"conv2d/bias", {2}}},
       .inputs = {{"x", {1, 1, 2, 3}}},
       .results = {
           "0.14709 0.45307 0.39984 0.14366 0.72956 0.12678 0.33333 0.33333 0.33333 0.33333 "
           "0.33333 0.33333"}});
}

TEST(Convolution, TakesStridesAndPaddingOfVolumes) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 2, 3, 2, 1]",
           R"({"class_name": "Conv3D", "config": {"name": "conv3d", "trainable": true, "dtype": )"
           R"("float32", "filters": 1, "kernel_size": [2, 2, 2], "strides": [1, 2, 1], "padding": )"
           R"("same", "data_format": "channels_last", "dilation_rate": [1, 1, 1], "groups": 1, )"
           R"("activation": "relu", "use_bias": false}})"),
       .weights = {{"conv3d/kernel", {2, 2, 2, 1, 1}}},
       .inputs = {{"x", {1, 2, 3, 2, 1}}},
       .results = {"0 0.48438 0.89062 0 0.84375 0.15625 0 0.5"}});
}

TEST(Convolution, OfOpenLengthsAddsAndDropsItsAxisWithoutLookingAtTheShape) {
  SavedModel saved = small_model(
      Dialect::keras2,
      sequential("[null, null, 1]",
                 layer_json("Conv1D", R"("filters": 1, "kernel_size": [2], "padding": "valid")")),
      {{"conv1d/kernel:0", {2, 1, 1}, {1, 10}}, {"conv1d/bias:0", {1}, {0.5}}});
  EXPECT_EQ(operators_of(saved), "EXPAND_DIMS CONV_2D SQUEEZE");
  EXPECT_EQ(shown(result_of(saved, {numbers({1, 3, 1}, {1, 2, 3})})), "21.5 32.5");
}

TEST(Convolution, AddsABiasAlongTheLastAxisWhereKeras3OnTensorFlowDoes) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 1, 2]",
           R"({"class_name": "Conv1D", "config": {"name": "conv1d", "trainable": true, "dtype": )"
           R"("float32", "filters": 2, "kernel_size": [1], "strides": [1], "padding": "valid", )"
           R"("data_format": "channels_first", "dilation_rate": [1], "groups": 1, "activation": )"
           R"("linear", "use_bias": true}})"),
       .weights = {{"conv1d/kernel", {1, 1, 2}}, {"conv1d/bias", {2}}},
       .inputs = {{"x", {1, 1, 2}}},
       .results = {"-0.125 -0.125 0.375 -0.75"}});
}

TEST(Convolution, OfKeras2FindsChannelsInFront) {
  expect_results(
      {.dialect = Dialect::keras2,
       .config = one_layer(
           "[null, 1, 2, 3]",
           R"({"class_name": "Conv2D", "config": {"name": "conv2d", "trainable": true, "dtype": )"
           R"("float32", "filters": 2, "kernel_size": [2, 2], "strides": [1, 1], "padding": )"
           R"("same", "data_format": "channels_first", "dilation_rate": [1, 1], "groups": 1, )"
           R"("activation": "linear", "use_bias": true}})"),
       .weights = {{"conv2d/kernel:0", {2, 2, 1, 2}}, {"conv2d/bias:0", {2}}},
       .inputs = {{"x", {1, 1, 2, 3}}},
       .results = {"-0.59375 1.4062 0.75 -0.59375 1.25 -0.625 -1.0781 0.3125 -1.25 -0.28125 -1.375 "
                   "-0.75"}});
}

}  // namespace
}  // namespace wherry::keras
