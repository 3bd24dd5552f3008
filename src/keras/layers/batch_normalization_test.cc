// Tests of normalisation by running statistics, with numbers that Keras computed.
#include <gtest/gtest.h>

#include "keras/layers/layer_case_test.h"

namespace wherry::keras {
namespace {

TEST(BatchNormalization, TakesWeightsBySeveralAxes) {
  expect_results(
      {.dialect = Dialect::keras2,
       .config = one_layer(
           "[null, 2, 2, 3]",
           R"({"class_name": "BatchNormalization", "config": {"name": "batch_normalization", )"
           R"("trainable": true, "dtype": "float32", "axis": [1, 2], "momentum": 0.99, "epsilon": )"
           R"(0.001, "center": true, "scale": true}})"),
       .weights = {{"batch_normalization/gamma:0", {1, 2, 2, 1}},
                   {"batch_normalization/beta:0", {1, 2, 2, 1}},
                   {"batch_normalization/moving_mean:0", {1, 2, 2, 1}},
                   {"batch_normalization/moving_variance:0", {1, 2, 2, 1}}},
       .inputs = {{"x", {1, 2, 2, 3}}},
       .results = {
           "-0.3392 0.57906 0.47703 -0.75 -0.75 -0.75 -0.8016 -0.8016 -0.58085 1.1691 0.26106 "
           "1.0294"}});
}

TEST(BatchNormalization, PredictsWithoutTheRunningCorrections) {
  expect_results(
      {.dialect = Dialect::keras2,
       .config = one_layer(
           "[null, 3]",
           R"({"class_name": "BatchNormalization", "config": {"name": "batch_normalization", )"
           R"("trainable": true, "dtype": "float32", "axis": [1], "momentum": 0.99, "epsilon": )"
           R"(0.001, "center": true, "scale": true, "renorm": true, "renorm_clipping": {}, )"
           R"("renorm_momentum": 0.99}})"),
       .weights = {{"batch_normalization/gamma:0", {3}},
                   {"batch_normalization/beta:0", {3}},
                   {"batch_normalization/moving_mean:0", {3}},
                   {"batch_normalization/moving_variance:0", {3}},
                   {"batch_normalization/moving_stddev:0", {3}},
                   {"batch_normalization/renorm_mean:0", {3}},
                   {"batch_normalization/renorm_stddev:0", {3}}},
       .inputs = {{"x", {1, 3}}},
       .results = {"-0.3392 -0.75 -0.84575"}});
}

}  // namespace
}  // namespace wherry::keras
