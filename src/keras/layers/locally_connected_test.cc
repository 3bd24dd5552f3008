// Tests of convolutions with weights for each position, with numbers that Keras 2.15 computed.
#include <gtest/gtest.h>

#include "keras/layers/layer_case_test.h"

namespace wherry::keras {
namespace {

TEST(LocallyConnected, HasWeightsForEachPosition) {
  expect_results(
      {.dialect = Dialect::keras2,
       .config = one_layer(
           "[null, 3, 2]",
           R"({"class_name": "LocallyConnected1D", "config": {"name": "locally_connected1d", )"
           R"("trainable": true, "dtype": "float32", "filters": 2, "kernel_size": [2], "strides": )"
           R"([1], "padding": "valid", "data_format": "channels_last", "activation": "linear", )"
           R"("use_bias": true, "implementation": 1}})"),
       .weights = {{"locally_connected1d/kernel:0", {2, 4, 2}},
                   {"locally_connected1d/bias:0", {2, 2}}},
       .inputs = {{"x", {1, 3, 2}}},
       .results = {"0.1875 0.21875 -1.6719 2.4219"}});
}

TEST(LocallyConnected, FindsChannelsInFront) {
  expect_results(
      {.dialect = Dialect::keras2,
       .config = one_layer(
           "[null, 2, 3, 4]",
           R"({"class_name": "LocallyConnected2D", "config": {"name": "locally_connected2d", )"
           R"("trainable": true, "dtype": "float32", "filters": 2, "kernel_size": [2, 2], )"
           R"("strides": [1, 2], "padding": "valid", "data_format": "channels_first", )"
           R"("activation": "softmax", "use_bias": true, "implementation": 1}})"),
       .weights = {{"locally_connected2d/kernel:0", {4, 8, 2}},
                   {"locally_connected2d/bias:0", {2, 2, 2}}},
       .inputs = {{"x", {1, 2, 3, 4}}},
       .results = {"0.33112 0.66888 0.020023 0.97998 0.21207 0.78793 0.85391 0.14609"}});
}

TEST(LocallyConnected, ReadsWeightsOfAllPairs) {
  expect_results(
      {.dialect = Dialect::keras2,
       .config = one_layer(
           "[null, 3, 1]",
           R"({"class_name": "LocallyConnected1D", "config": {"name": "locally_connected1d", )"
           R"("trainable": true, "dtype": "float32", "filters": 2, "kernel_size": [2], "strides": )"
           R"([1], "padding": "same", "data_format": "channels_last", "activation": "linear", )"
           R"("use_bias": true, "implementation": 2}})"),
       .weights = {{"locally_connected1d/kernel:0", {3, 1, 3, 2}},
                   {"locally_connected1d/bias:0", {3, 2}}},
       .inputs = {{"x", {1, 3, 1}}},
       .results = {"-0.125 -0.75 -0.25 0.51562 -0.10938 1.2969"}});
}

TEST(LocallyConnected, ReadsWeightsOfJoinedPairs) {
  expect_results(
      {.dialect = Dialect::keras2,
       .config = one_layer(
           "[null, 2, 3, 1]",
           R"({"class_name": "LocallyConnected2D", "config": {"name": "locally_connected2d", )"
           R"("trainable": true, "dtype": "float32", "filters": 1, "kernel_size": [2, 2], )"
           R"("strides": [1, 1], "padding": "same", "data_format": "channels_last", "activation": )"
           R"("linear", "use_bias": true, "implementation": 3}})"),
       .weights = {{"locally_connected2d/kernel:0", {15}},
                   {"locally_connected2d/bias:0", {2, 3, 1}}},
       .inputs = {{"x", {1, 2, 3, 1}}},
       .results = {"-0.125 -0.82812 -0.17188 0.82812 -0.015625 0.79688"}});
}

TEST(LocallyConnected, CentresItsWindowsOnMultiplesOfTheStride) {
  expect_results(
      {.dialect = Dialect::keras2,
       .config = one_layer(
           "[null, 2, 4]",
           R"({"class_name": "LocallyConnected1D", "config": {"name": "locally_connected1d", )"
           R"("trainable": true, "dtype": "float32", "filters": 2, "kernel_size": [3], "strides": )"
           R"([2], "padding": "same", "data_format": "channels_first", "activation": "linear", )"
           R"("use_bias": true, "implementation": 3}})"),
       .weights = {{"locally_connected1d/kernel:0", {20}}, {"locally_connected1d/bias:0", {2, 2}}},
       .inputs = {{"x", {1, 2, 4}}},
       .results = {"-0.84375 0.4375 -2.0156 -0.84375"}});
}

}  // namespace
}  // namespace wherry::keras
