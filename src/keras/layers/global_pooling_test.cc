// Tests of pooling over whole axes, with numbers that Keras 3.15 computed.
#include <gtest/gtest.h>

#include "keras/layers/layer_case_test.h"
#include "keras/small_model_test.h"

namespace wherry::keras {
namespace {

TEST(GlobalPooling, TakesMeansOfChannels) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 2, 3, 2]",
           R"({"class_name": "GlobalAveragePooling2D", "config": {"name": )"
           R"("global_average_pooling2d", "trainable": true, "dtype": "float32", "data_format": )"
           R"("channels_last", "keepdims": false}})"),
       .inputs = {{"x", {1, 2, 3, 2}}},
       .results = {"0.14583 -0.041667"}});
}

TEST(GlobalPooling, KeepsAxesWhenAsked) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 2, 2, 2, 2]",
           R"({"class_name": "GlobalMaxPooling3D", "config": {"name": "global_max_pooling3d", )"
           R"("trainable": true, "dtype": "float32", "data_format": "channels_last", "keepdims": )"
           R"(true}})"),
       .inputs = {{"x", {1, 2, 2, 2, 2}}},
       .results = {"1 1"}});
}

TEST(GlobalPooling, FindsChannelsInFront) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 2, 4]",
           R"({"class_name": "GlobalMaxPooling1D", "config": {"name": "global_max_pooling1d", )"
           R"("trainable": true, "dtype": "float32", "data_format": "channels_first", "keepdims": )"
           R"(false}})"),
       .inputs = {{"x", {1, 2, 4}}},
       .results = {"0.875 1"}});
}

TEST(GlobalPooling, LeavesMaskedStepsOutOfTheMean) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 5, 2], "dtype": )"
           R"("float32", "name": "x"}, "name": "x", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_shape": [null, 5], "dtype": "bool", "name": "m"}, )"
           R"("name": "m", "inbound_nodes": []}, {"class_name": "GlobalAveragePooling1D", )"
           R"("config": {"name": "global_average_pooling1d", "trainable": true, "dtype": )"
           R"("float32", "data_format": "channels_last", "keepdims": true}, "name": )"
           R"("global_average_pooling1d", "inbound_nodes": [{"args": [{"class_name": )"
           R"("__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}}], "kwargs": {"mask": )"
           R"({"class_name": "__keras_tensor__", "config": {"keras_history": ["m", 0, 0]}}}}]}], )"
           R"("input_layers": [["x", 0, 0], ["m", 0, 0]], "output_layers": )"
           R"(["global_average_pooling1d", 0, 0]}})",
       .inputs = {{"x", {1, 5, 2}}, {"m", {1, 5}, DType::boolean}},
       .results = {"0 0.05"}});
}

TEST(GlobalPooling, OfIntegersInKeras2CutsMeansToIntegers) {
  std::string config = sequential("[null, 4, 2]", layer_json("GlobalAveragePooling1D", ""));
  config.replace(config.find("float32"), 7, "int32");
  SavedModel saved = small_model(Dialect::keras2, config);
  EXPECT_EQ(shown(result_of(saved, {integers({1, 4, 2}, {-7, 3, 200, 1, -150, 2, -60, 1})})),
            "-4 1");
}

}  // namespace
}  // namespace wherry::keras
