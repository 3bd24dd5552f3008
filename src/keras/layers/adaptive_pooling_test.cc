// Tests of adaptive pooling, with numbers that Keras 3.15 computed.
#include <gtest/gtest.h>

#include "keras/layers/layer_case_test.h"

namespace wherry::keras {
namespace {

TEST(AdaptivePooling, SplitsEvenly) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 6, 1]",
           R"({"class_name": "AdaptiveAveragePooling1D", "config": {"name": )"
           R"("adaptive_average_pooling1d", "trainable": true, "dtype": "float32", "output_size": )"
           R"([3], "data_format": "channels_last"}})"),
       .inputs = {{"x", {1, 6, 1}}},
       .results = {"-0.0625 0.1875 0.125"}});
}

TEST(AdaptivePooling, OverlapsWindowsWhereItMust) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 8, 2]",
           R"({"class_name": "AdaptiveMaxPooling1D", "config": {"name": "adaptive_max_pooling1d", )"
           R"("trainable": true, "dtype": "float32", "output_size": [3], "data_format": )"
           R"("channels_last"}})"),
       .inputs = {{"x", {1, 8, 2}}},
       .results = {"0.5 1 1 1 0.875 0.5"}});
}

TEST(AdaptivePooling, TakesEachAxisByItself) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 4, 5, 1]",
           R"({"class_name": "AdaptiveAveragePooling2D", "config": {"name": )"
           R"("adaptive_average_pooling2d", "trainable": true, "dtype": "float32", "output_size": )"
           R"([2, 3], "data_format": "channels_last"}})"),
       .inputs = {{"x", {1, 4, 5, 1}}},
       .results = {"0.15625 0.041667 0.09375 0.3125 0 0.03125"}});
}

TEST(AdaptivePooling, RepeatsWhereThereAreMoreWindowsThanElements) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 3, 1]",
           R"({"class_name": "AdaptiveAveragePooling1D", "config": {"name": )"
           R"("adaptive_average_pooling1d", "trainable": true, "dtype": "float32", "output_size": )"
           R"([5], "data_format": "channels_last"}})"),
       .inputs = {{"x", {1, 3, 1}}},
       .results = {"0.5 -0.0625 -0.625 -0.5625 -0.5"}});
}

TEST(AdaptivePooling, GoesOverVolumes) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 3, 2, 4, 1]",
           R"({"class_name": "AdaptiveMaxPooling3D", "config": {"name": "adaptive_max_pooling3d", )"
           R"("trainable": true, "dtype": "float32", "output_size": [2, 1, 2], "data_format": )"
           R"("channels_last"}})"),
       .inputs = {{"x", {1, 3, 2, 4, 1}}},
       .results = {"1 0.875 1 1"}});
}

TEST(AdaptivePooling, FindsChannelsInFront) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 1, 3, 4]",
           R"({"class_name": "AdaptiveAveragePooling2D", "config": {"name": )"
           R"("adaptive_average_pooling2d", "trainable": true, "dtype": "float32", "output_size": )"
           R"([2, 2], "data_format": "channels_first"}})"),
       .inputs = {{"x", {1, 1, 3, 4}}},
       .results = {"0.03125 -0.03125 0.125 -0.03125"}});
}

}  // namespace
}  // namespace wherry::keras
