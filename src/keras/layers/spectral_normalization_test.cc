// Tests of spectral normalisation, with numbers that Keras 2.15 and 3.15 computed.
#include <gtest/gtest.h>

#include "keras/layers/layer_case_test.h"

namespace wherry::keras {
namespace {

TEST(SpectralNormalization, UsesTheWeightsOfTheLayerInside) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 3]",
           R"({"class_name": "SpectralNormalization", "config": {"name": "spectral_normalization", )"
           R"("trainable": true, "dtype": "float32", "layer": {"class_name": "Dense", "config": )"
           R"({"name": "inner", "trainable": true, "dtype": "float32", "units": 2, "activation": )"
           R"("linear", "use_bias": true}}, "power_iterations": 1}})"),
       .weights = {{"spectral_normalization/inner/kernel", {3, 2}},
                   {"spectral_normalization/vector_u", {1, 2}},
                   {"spectral_normalization/inner/bias", {2}}},
       .inputs = {{"x", {1, 3}}},
       .results = {"-0.89062 1.2656"}});
}

TEST(SpectralNormalization, FindsWeightsThatKeras2NamesWithoutTheLayerInside) {
  expect_results(
      {.dialect = Dialect::keras2,
       .config = one_layer(
           "[null, 3]",
           R"({"class_name": "SpectralNormalization", "config": {"name": "spectral_normalization", )"
           R"("trainable": true, "dtype": "float32", "layer": {"class_name": "Dense", "config": )"
           R"({"name": "inner", "trainable": true, "dtype": "float32", "units": 2, "activation": )"
           R"("linear", "use_bias": true}}, "power_iterations": 1}})"),
       .weights = {{"spectral_normalization/kernel:0", {3, 2}},
                   {"spectral_normalization/bias:0", {2}},
                   {"spectral_normalization/vector_u:0", {1, 2}}},
       .inputs = {{"x", {1, 3}}},
       .results = {"-0.14062 -0.10938"}});
}

}  // namespace
}  // namespace wherry::keras
