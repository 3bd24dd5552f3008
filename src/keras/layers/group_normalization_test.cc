// Tests of group normalisation, with numbers that Keras 2.15 and 3.15 computed.
#include <gtest/gtest.h>

#include "keras/layers/layer_case_test.h"

namespace wherry::keras {
namespace {

TEST(GroupNormalization, SplitsChannelsIntoGroups) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 2, 1, 4]",
           R"({"class_name": "GroupNormalization", "config": {"name": "group_normalization", )"
           R"("trainable": true, "dtype": "float32", "groups": 2, "axis": -1, "epsilon": 0.001, )"
           R"("center": true, "scale": true}})"),
       .weights = {{"group_normalization/gamma", {4}}, {"group_normalization/beta", {4}}},
       .inputs = {{"x", {1, 2, 1, 4}}},
       .results = {"-0.2566 -0.75 -0.73472 -0.31064 1.4277 -0.75 -0.6762 1.006"}});
}

TEST(GroupNormalization, OfOneGroupTakesAllTogether) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 3, 2]",
           R"({"class_name": "GroupNormalization", "config": {"name": "group_normalization", )"
           R"("trainable": true, "dtype": "float32", "groups": 1, "axis": -1, "epsilon": 0.1, )"
           R"("center": true, "scale": true}})"),
       .weights = {{"group_normalization/gamma", {2}}, {"group_normalization/beta", {2}}},
       .inputs = {{"x", {1, 3, 2}}},
       .results = {"-0.15015 -0.75 1.1102 -0.75 1.4253 -0.75"}});
}

TEST(GroupNormalization, OfAsManyGroupsAsChannelsTakesEachAlone) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 3, 2]",
           R"({"class_name": "GroupNormalization", "config": {"name": "group_normalization", )"
           R"("trainable": true, "dtype": "float32", "groups": 2, "axis": -1, "epsilon": 0.001, )"
           R"("center": false, "scale": true}})"),
       .weights = {{"group_normalization/gamma", {2}}},
       .inputs = {{"x", {1, 3, 2}}},
       .results = {"-1.3864 0 0.46212 0 0.92424 0"}});
}

TEST(GroupNormalization, CountsChannelsAlongAnotherAxis) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 4, 2]",
           R"({"class_name": "GroupNormalization", "config": {"name": "group_normalization", )"
           R"("trainable": true, "dtype": "float32", "groups": 2, "axis": 1, "epsilon": 0.001, )"
           R"("center": true, "scale": true}})"),
       .weights = {{"group_normalization/gamma", {4}}, {"group_normalization/beta", {4}}},
       .inputs = {{"x", {1, 4, 2}}},
       .results = {"-0.3073 1.4472 -0.75 -0.75 -0.75777 -0.41981 0.93105 0.93105"}});
}

TEST(GroupNormalization, OfKeras2IsTheSame) {
  expect_results(
      {.dialect = Dialect::keras2,
       .config = one_layer(
           "[null, 2, 4]",
           R"({"class_name": "GroupNormalization", "config": {"name": "group_normalization", )"
           R"("trainable": true, "dtype": "float32", "groups": 2, "axis": -1, "epsilon": 0.001, )"
           R"("center": true, "scale": false}})"),
       .weights = {{"group_normalization/beta:0", {4}}},
       .inputs = {{"x", {1, 2, 4}}},
       .results = {"-0.3684 -0.88424 -0.75277 1.072 -2.0527 1.3053 -0.28463 -1.0346"}});
}

}  // namespace
}  // namespace wherry::keras
