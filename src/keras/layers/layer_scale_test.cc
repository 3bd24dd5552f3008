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

/// `layer` is its record up to the options.
void expect_scaled_sum(const std::string& layer) {
  expect_results(
      {.dialect = Dialect::keras2,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "layers": [)"
           R"({"class_name": "InputLayer", "config": {"batch_input_shape": [null, 3], "dtype": )"
           R"("float32", "name": "a"}, "name": "a", "inbound_nodes": []}, )"
           R"({"class_name": "InputLayer", "config": {"batch_input_shape": [null, 3], "dtype": )"
           R"("float32", "name": "b"}, "name": "b", "inbound_nodes": []}, )"
           R"({)" +
           layer +
           R"(, "config": {"name": "sum", "trainable": true, )"
           R"("dtype": "float32", "scale": 0.5}, "name": "sum", )"
           R"("inbound_nodes": [[["a", 0, 0, {}], ["b", 0, 0, {}]]]}], )"
           R"("input_layers": [["a", 0, 0], ["b", 0, 0]], "output_layers": [["sum", 0, 0]]}})",
       .inputs = {{"a", {1, 3}}, {"b", {1, 3}}},
       .results = {"0.375 -0.25 -0.0625"}});
}

TEST(CustomScaleLayer, IsKerasOwnAlthoughItIsRegisteredAsAUsers) {
  expect_scaled_sum(R"("class_name": "Custom>CustomScaleLayer")");
  expect_scaled_sum(R"("module": "keras.src.applications.inception_resnet_v2", "class_name": )"
                    R"("CustomScaleLayer", "registered_name": "Custom>CustomScaleLayer")");
}

}  // namespace
}  // namespace wherry::keras
