// Tests of layers of keras.applications, with numbers that Keras 3.15 computed.
#include <gtest/gtest.h>

#include "keras/layers/layer_case_test.h"

namespace wherry::keras {
namespace {

TEST(LayerScale, MultipliesByAWeightWithoutAName) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 2, 3]",
           R"({"class_name": "LayerScale", "config": {"name": "layer_scale", "trainable": true, )"
           R"("dtype": "float32", "init_values": 0.5, "projection_dim": 3}})"),
       .weights = {{"layer_scale/variable", {3}}},
       .inputs = {{"x", {1, 2, 3}}},
       .results = {"-0.5 0 -0.0625 -0.875 0 0.125"}});
}

}  // namespace
}  // namespace wherry::keras
