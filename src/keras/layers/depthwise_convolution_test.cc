// Tests of convolutions of each channel by itself, with numbers that Keras 2.15 and 3.15 computed.
#include <gtest/gtest.h>

#include "keras/layers/layer_case_test.h"

namespace wherry::keras {
namespace {

TEST(DepthwiseConvolution, FindsTheKernelThatKeras3Renamed) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 2, 3, 2]",
           R"({"class_name": "DepthwiseConv2D", "config": {"name": "depthwise_conv2d", )"
           R"("trainable": true, "dtype": "float32", "depth_multiplier": 2, "kernel_size": [2, 2], )"
           R"("strides": [1, 1], "padding": "valid", "data_format": "channels_last", )"
           R"("dilation_rate": [1, 1], "activation": "linear", "use_bias": true}})"),
       .weights = {{"depthwise_conv2d/kernel", {2, 2, 2, 2}}, {"depthwise_conv2d/bias", {4}}},
       .inputs = {{"x", {1, 2, 3, 2}}},
       .results = {"0.0625 -1.4688 0.34375 0.875 0.46875 -1.375 0.70312 0.10938"}});
}

TEST(DepthwiseConvolution, GoesAlongOneAxis) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 4, 2]",
           R"({"class_name": "DepthwiseConv1D", "config": {"name": "depthwise_conv1d", )"
           R"("trainable": true, "dtype": "float32", "depth_multiplier": 1, "kernel_size": [3], )"
           R"("strides": [1], "padding": "same", "data_format": "channels_last", "dilation_rate": )"
           R"([2], "activation": "linear", "use_bias": true}})"),
       .weights = {{"depthwise_conv1d/kernel", {3, 2, 1}}, {"depthwise_conv1d/bias", {2}}},
       .inputs = {{"x", {1, 4, 2}}},
       .results = {"0.53125 -0.85938 0.34375 -1.1719 -0.21875 -1.375 0.84375 -0.59375"}});
}

TEST(SeparableConvolution, MixesChannelsBehind) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 2, 3, 2]",
           R"({"class_name": "SeparableConv2D", "config": {"name": "separable_conv2d", )"
           R"("trainable": true, "dtype": "float32", "depth_multiplier": 2, "filters": 2, )"
           R"("kernel_size": [2, 2], "strides": [1, 1], "padding": "valid", "data_format": )"
           R"("channels_last", "dilation_rate": [1, 1], "activation": "linear", "use_bias": true}})"),
       .weights = {{"separable_conv2d/depthwise_kernel", {2, 2, 2, 2}},
                   {"separable_conv2d/pointwise_kernel", {1, 1, 4, 2}},
                   {"separable_conv2d/bias", {2}}},
       .inputs = {{"x", {1, 2, 3, 2}}},
       .results = {"-0.9375 1.1211 -0.87109 1.4883"}});
}

TEST(DepthwiseConvolution, OfKeras2IsTheSame) {
  expect_results(
      {.dialect = Dialect::keras2,
       .config = one_layer(
           "[null, 2, 3, 2]",
           R"({"class_name": "DepthwiseConv2D", "config": {"name": "depthwise_conv2d", )"
           R"("trainable": true, "dtype": "float32", "kernel_size": [2, 2], "strides": [1, 1], )"
           R"("padding": "valid", "data_format": "channels_last", "dilation_rate": [1, 1], )"
           R"("groups": 1, "activation": "relu", "use_bias": true, "depth_multiplier": 2}})"),
       .weights = {{"depthwise_conv2d/depthwise_kernel:0", {2, 2, 2, 2}},
                   {"depthwise_conv2d/bias:0", {4}}},
       .inputs = {{"x", {1, 2, 3, 2}}},
       .results = {"0.0625 0 0.34375 0.875 0.46875 0 0.70312 0.10938"}});
}

TEST(SeparableConvolution, OfKeras2CanBeCausal) {
  expect_results(
      {.dialect = Dialect::keras2,
       .config = one_layer(
           "[null, 3, 2]",
           R"({"class_name": "SeparableConv1D", "config": {"name": "separable_conv1d", )"
           R"("trainable": true, "dtype": "float32", "filters": 2, "kernel_size": [2], "strides": )"
           R"([1], "padding": "causal", "data_format": "channels_last", "dilation_rate": [1], )"
           R"("groups": 1, "activation": "linear", "use_bias": true, "depth_multiplier": 1}})"),
       .weights = {{"separable_conv1d/depthwise_kernel:0", {2, 2, 1}},
                   {"separable_conv1d/pointwise_kernel:0", {1, 2, 2}},
                   {"separable_conv1d/bias:0", {2}}},
       .inputs = {{"x", {1, 3, 2}}},
       .results = {"-0.5957 0.87109 -0.24414 0.63672 0.16797 -0.14844"}});
}

}  // namespace
}  // namespace wherry::keras
