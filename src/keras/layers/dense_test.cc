// Tests of TernaryDense, against its rule: a weight counts by its sign, or not at all.
#include <gtest/gtest.h>

#include "keras/layers/layer_case_test.h"

namespace wherry::keras {
namespace {

TEST(TernaryDense, CountsSignsAboveTheThreshold) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer("[null, 5]",
                           R"({"class_name": "TernaryDense", "config": {"name": "layer", "units": )"
                           R"(3, "use_bias": true, "threshold": 0.4, "activation": "linear"}})"),
       .weights = {{"layer/kernel", {5, 3}}, {"layer/bias", {3}}},
       .inputs = {{"x", {2, 5}}},
       .results = {"0.5 -0.875 1.25 -0.375 -1 0.625"}});
}

TEST(TernaryDense, TakesHalfTheMeanSizeWithoutAThreshold) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer("[null, 5]",
                           R"({"class_name": "TernaryDense", "config": {"name": "layer", "units": )"
                           R"(3, "use_bias": true, "threshold": null, "activation": "relu"}})"),
       .weights = {{"layer/kernel", {5, 3}}, {"layer/bias", {3}}},
       .inputs = {{"x", {2, 5}}},
       .results = {"0.21875 0 0.15625 0 0 0"}});
}

}  // namespace
}  // namespace wherry::keras
