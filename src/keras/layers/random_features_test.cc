// Tests of random features, with numbers that Keras computed.
#include <gtest/gtest.h>

#include "keras/layers/layer_case_test.h"

namespace wherry::keras {
namespace {

TEST(RandomFourierFeatures, AreCosinesOfScaledProducts) {
  expect_results(
      {.dialect = Dialect::keras2,
       .config = one_layer(
           "[null, 4]",
           R"({"class_name": "RandomFourierFeatures", "config": {"name": )"
           R"("random_fourier_features", "trainable": false, "dtype": "float32", "output_dim": 3, )"
           R"("scale": 2.0}})"),
       .weights = {{"random_fourier_features/kernel_scale:0", {1}},
                   {"random_fourier_features/unscaled_kernel:0", {4, 3}},
                   {"random_fourier_features/bias:0", {3}}},
       .inputs = {{"x", {1, 4}}},
       .results = {"0.88497 0.92467 -0.85365"}});
}

}  // namespace
}  // namespace wherry::keras
