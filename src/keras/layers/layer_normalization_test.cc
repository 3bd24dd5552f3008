// Tests of layer, root mean square and unit normalisation, with numbers that Keras 2.15 and 3.15
// computed.
#include <gtest/gtest.h>

#include "keras/layers/layer_case_test.h"

namespace wherry::keras {
namespace {

TEST(LayerNormalization, TakesStatisticsOfTheLastAxis) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 2, 4]",
           R"({"class_name": "LayerNormalization", "config": {"name": "layer_normalization", )"
           R"("trainable": true, "dtype": "float32", "axis": [-1], "epsilon": 0.001, "center": )"
           R"(true, "scale": true, "rms_scaling": false}})"),
       .weights = {{"layer_normalization/gamma", {4}}, {"layer_normalization/beta", {4}}},
       .inputs = {{"x", {1, 2, 4}}},
       .results = {"-0.3073 -0.75 -0.73466 -0.041954 1.4371 -0.75 -0.66121 0.93105"}});
}

TEST(LayerNormalization, TakesSeveralAxesTogether) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 2, 2, 3]",
           R"({"class_name": "LayerNormalization", "config": {"name": "layer_normalization", )"
           R"("trainable": true, "dtype": "float32", "axis": [1, 3], "epsilon": 0.01, "center": )"
           R"(true, "scale": true, "rms_scaling": false}})"),
       .weights = {{"layer_normalization/gamma", {2, 3}}, {"layer_normalization/beta", {2, 3}}},
       .inputs = {{"x", {1, 2, 2, 3}}},
       .results = {
           "-0.51108 -0.75 -0.7269 -0.55856 -0.75 -0.48886 0.99367 -0.82627 0.0066423 1.4307 "
           "-0.99169 1.264"}});
}

TEST(LayerNormalization, GoesWithoutScaleOrCenter) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 3, 2]",
           R"({"class_name": "LayerNormalization", "config": {"name": "layer_normalization", )"
           R"("trainable": true, "dtype": "float32", "axis": [1], "epsilon": 0.001, "center": )"
           R"(false, "scale": true, "rms_scaling": false}})"),
       .weights = {{"layer_normalization/gamma", {3}}},
       .inputs = {{"x", {1, 3, 2}}},
       .results = {"-1.3864 1.4095 0 0 -0.11553 0.098668"}});
}

TEST(LayerNormalization, DividesByTheDeviationInItsOlderForm) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 2, 4]",
           R"({"class_name": "LayerNormalization", "config": {"name": "layer_normalization", )"
           R"("trainable": true, "dtype": "float32", "axis": [-1], "epsilon": 0.001, "center": )"
           R"(true, "scale": true, "rms_scaling": true}})"),
       .weights = {{"layer_normalization/gamma", {4}}},
       .inputs = {{"x", {1, 2, 4}}},
       .results = {"-0.77977 0 -0.097471 -0.85287 1.1587 0 -0.048279 0.2414"}});
}

TEST(RMSNormalization, DividesByTheRootOfTheMeanSquare) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 2, 4]",
           R"({"class_name": "RMSNormalization", "config": {"name": "rms_normalization", )"
           R"("trainable": true, "dtype": "float32", "axis": [-1], "epsilon": 1e-06}})"),
       .weights = {{"rms_normalization/scale", {4}}},
       .inputs = {{"x", {1, 2, 4}}},
       .results = {"-0.77703 0 -0.097128 -0.84987 1.1547 0 -0.048112 0.24056"}});
}

TEST(UnitNormalization, MakesVectorsOfLengthOne) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 2, 3]",
           R"({"class_name": "UnitNormalization", "config": {"name": "unit_normalization", )"
           R"("trainable": true, "dtype": "float32", "axis": -1}})"),
       .inputs = {{"x", {1, 2, 3}}},
       .results = {"0.52981 -0.66227 -0.52981 0.57346 -0.49154 0.65539"}});
}

TEST(UnitNormalization, GoesOverOtherAxesThanTheLast) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 2, 2, 2]",
           R"({"class_name": "UnitNormalization", "config": {"name": "unit_normalization", )"
           R"("trainable": true, "dtype": "float32", "axis": [1, 2]}})"),
       .inputs = {{"x", {1, 2, 2, 2}}},
       .results = {"0.4714 -0.41959 -0.4714 0.58743 -0.70711 0.67135 -0.2357 -0.16784"}});
}

TEST(LayerNormalization, OfKeras2IsTheSame) {
  expect_results(
      {.dialect = Dialect::keras2,
       .config = one_layer(
           "[null, 2, 3]",
           R"({"class_name": "LayerNormalization", "config": {"name": "layer_normalization", )"
           R"("trainable": true, "dtype": "float32", "axis": [1, 2], "epsilon": 0.001, "center": )"
           R"(true, "scale": false}})"),
       .weights = {{"layer_normalization/beta:0", {2, 3}}},
       .inputs = {{"x", {1, 2, 3}}},
       .results = {"-0.42794 -0.9725 -0.67588 0.46191 -1.2691 0.75853"}});
}

}  // namespace
}  // namespace wherry::keras
