// Tests of pooling over windows, with numbers that Keras 2.15 and 3.15 computed.
#include <gtest/gtest.h>

#include "keras/layers/layer_case_test.h"

namespace wherry::keras {
namespace {

TEST(Pooling, TakesTheLargestOfEachWindow) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 4, 4, 1]",
           R"({"class_name": "MaxPooling2D", "config": {"name": "max_pooling2d", "trainable": )"
           R"(true, "dtype": "float32", "pool_size": [2, 2], "padding": "valid", "strides": [2, )"
           R"(2], "data_format": "channels_last"}})"),
       .inputs = {{"x", {1, 4, 4, 1}}},
       .results = {"1 0.875 1 0.875"}});
}

TEST(Pooling, LeavesPaddingOutOfMeans) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 4, 5, 1]",
           R"({"class_name": "AveragePooling2D", "config": {"name": "average_pooling2d", )"
           R"("trainable": true, "dtype": "float32", "pool_size": [3, 3], "padding": "same", )"
           R"("strides": [2, 2], "data_format": "channels_last"}})"),
       .inputs = {{"x", {1, 4, 5, 1}}},
       .results = {"0.16667 -0.041667 0.27083 0.3125 0 0.03125"}});
}

TEST(Pooling, OfVolumesIsTwoPoolsOfPictures) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 3, 3, 3, 1]",
           R"({"class_name": "AveragePooling3D", "config": {"name": "average_pooling3d", )"
           R"("trainable": true, "dtype": "float32", "pool_size": [2, 3, 2], "padding": "same", )"
           R"("strides": [1, 2, 2], "data_format": "channels_last"}})"),
       .inputs = {{"x", {1, 3, 3, 3, 1}}},
       .results = {
           "0 0.1875 0.046875 0.8125 -0.10938 0.21875 0.21875 0.0625 -0.21875 0.3125 0.25 -0.5"}});
}

TEST(Pooling, OfVolumesTakesTheLargest) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 4, 2, 2, 1]",
           R"({"class_name": "MaxPooling3D", "config": {"name": "max_pooling3d", "trainable": )"
           R"(true, "dtype": "float32", "pool_size": [2, 2, 1], "padding": "valid", "strides": [2, )"
           R"(2, 1], "data_format": "channels_last"}})"),
       .inputs = {{"x", {1, 4, 2, 2, 1}}},
       .results = {"0.5 1 1 0.5"}});
}

TEST(Pooling, OfVolumesFindsChannelsInFront) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 2, 2, 2, 2]",
           R"({"class_name": "MaxPooling3D", "config": {"name": "max_pooling3d", "trainable": )"
           R"(true, "dtype": "float32", "pool_size": [2, 2, 2], "padding": "valid", "strides": [2, )"
           R"(2, 2], "data_format": "channels_first"}})"),
       .inputs = {{"x", {1, 2, 2, 2, 2}}},
       .results = {"1 1"}});
}

TEST(Pooling, GoesAlongOneAxis) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 6, 2]",
           R"({"class_name": "MaxPooling1D", "config": {"name": "max_pooling1d", "trainable": )"
           R"(true, "dtype": "float32", "pool_size": [3], "padding": "same", "strides": [2], )"
           R"("data_format": "channels_last"}})"),
       .inputs = {{"x", {1, 6, 2}}},
       .results = {"0.5 1 1 1 1 -0.5"}});
}

TEST(Pooling, OfKeras2FindsChannelsInFront) {
  expect_results(
      {.dialect = Dialect::keras2,
       .config = one_layer(
           "[null, 2, 4]",
           R"({"class_name": "AveragePooling1D", "config": {"name": "average_pooling1d", )"
           R"("trainable": true, "dtype": "float32", "strides": [2], "pool_size": [2], "padding": )"
           R"("valid", "data_format": "channels_first"}})"),
       .inputs = {{"x", {1, 2, 4}}},
       .results = {"-0.0625 0.1875 0.125 -0.25"}});
}

}  // namespace
}  // namespace wherry::keras
