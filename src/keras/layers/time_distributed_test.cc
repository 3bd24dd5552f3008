// Tests of masks of layers applied to every step, with numbers that Keras computed.
#include <gtest/gtest.h>

#include "keras/layers/layer_case_test.h"

namespace wherry::keras {
namespace {

TEST(TimeDistributed, OfKeras2CountsStepsWithAnythingThatCounts) {
  expect_results(
      {.dialect = Dialect::keras2,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_input_shape": [null, 2, 3], "dtype": )"
           R"("int32", "name": "x"}, "name": "x", "inbound_nodes": []}, {"class_name": )"
           R"("Embedding", "config": {"name": "embedding", "trainable": true, "dtype": "float32", )"
           R"("batch_input_shape": [null, null], "input_dim": 4, "output_dim": 2, "mask_zero": )"
           R"(true}, "name": "embedding", "inbound_nodes": [[["x", 0, 0, {}]]]}, {"class_name": )"
           R"("TimeDistributed", "config": {"name": "time_distributed", "trainable": true, )"
           R"("dtype": "float32", "layer": {"class_name": "GlobalAveragePooling1D", "config": )"
           R"({"name": "global_average_pooling1d_1", "trainable": true, "dtype": "float32", )"
           R"("data_format": "channels_last", "keepdims": false}}}, "name": "time_distributed", )"
           R"("inbound_nodes": [[["embedding", 0, 0, {}]]]}, {"class_name": )"
           R"("GlobalAveragePooling1D", "config": {"name": "global_average_pooling1d", )"
           R"("trainable": true, "dtype": "float32", "data_format": "channels_last", "keepdims": )"
           R"(false}, "name": "global_average_pooling1d", "inbound_nodes": [[["time_distributed", )"
           R"(0, 0, {}]]]}], "input_layers": [["x", 0, 0]], "output_layers": )"
           R"([["global_average_pooling1d", 0, 0]]}})",
       .weights = {{"embedding/embeddings:0", {4, 2}}},
       .inputs = {{"x", {1, 2, 3}, DType::i32}},
       .results = {"0.25 0.15625"}});
}

TEST(TimeDistributed, OfKeras2HandsOnTheMaskOfTheLayerInside) {
  expect_results(
      {.dialect = Dialect::keras2,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_input_shape": [null, 2, 3], "dtype": )"
           R"("int32", "name": "x"}, "name": "x", "inbound_nodes": []}, {"class_name": )"
           R"("TimeDistributed", "config": {"name": "time_distributed_1", "trainable": true, )"
           R"("dtype": "float32", "layer": {"class_name": "Embedding", "config": {"name": )"
           R"("embedding", "trainable": true, "dtype": "float32", "batch_input_shape": [null, )"
           R"(null], "input_dim": 4, "output_dim": 2, "mask_zero": true}}}, "name": )"
           R"("time_distributed_1", "inbound_nodes": [[["x", 0, 0, {}]]]}, {"class_name": )"
           R"("TimeDistributed", "config": {"name": "time_distributed", "trainable": true, )"
           R"("dtype": "float32", "layer": {"class_name": "GlobalAveragePooling1D", "config": )"
           R"({"name": "global_average_pooling1d", "trainable": true, "dtype": "float32", )"
           R"("data_format": "channels_last", "keepdims": false}}}, "name": "time_distributed", )"
           R"("inbound_nodes": [[["time_distributed_1", 0, 0, {}]]]}], "input_layers": [["x", 0, )"
           R"(0]], "output_layers": [["time_distributed", 0, 0]]}})",
       .weights = {{"time_distributed_1/embeddings:0", {4, 2}}},
       .inputs = {{"x", {1, 2, 3}, DType::i32}},
       .results = {"0.375 0.375 0.125 -0.0625"}});
}

TEST(TimeDistributed, GivesTheLayerInsideItsPartOfAMask) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 2, 3], "dtype": )"
           R"("int32", "name": "x"}, "name": "x", "inbound_nodes": []}, {"class_name": )"
           R"("Embedding", "config": {"name": "embedding", "trainable": true, "dtype": "float32", )"
           R"("input_dim": 4, "output_dim": 2, "mask_zero": true}, "name": "embedding", )"
           R"("inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["x", 0, 0]}}], "kwargs": {}}]}, {"class_name": "NotEqual", )"
           R"("config": {"name": "not_equal"}, "name": "not_equal", "inbound_nodes": [{"args": )"
           R"([{"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}}, 0], )"
           R"("kwargs": {}}]}, {"class_name": "TimeDistributed", "config": {"name": )"
           R"("time_distributed_1", "trainable": true, "dtype": "float32", "layer": {"class_name": )"
           R"("Dense", "config": {"name": "dense", "trainable": true, "dtype": "float32", "units": )"
           R"(2, "activation": "linear", "use_bias": true}}}, "name": "time_distributed_1", )"
           R"("inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["embedding", 0, 0]}}], "kwargs": {"mask": {"class_name": )"
           R"("__keras_tensor__", "config": {"keras_history": ["not_equal", 0, 0]}}}}]}, )"
           R"({"class_name": "TimeDistributed", "config": {"name": "time_distributed", )"
           R"("trainable": true, "dtype": "float32", "layer": {"class_name": )"
           R"("GlobalAveragePooling1D", "config": {"name": "global_average_pooling1d", )"
           R"("trainable": true, "dtype": "float32", "data_format": "channels_last", "keepdims": )"
           R"(false}}}, "name": "time_distributed", "inbound_nodes": [{"args": [{"class_name": )"
           R"("__keras_tensor__", "config": {"keras_history": ["time_distributed_1", 0, 0]}}], )"
           R"("kwargs": {"mask": {"class_name": "__keras_tensor__", "config": {"keras_history": )"
           R"(["not_equal", 0, 0]}}}}]}], "input_layers": ["x", 0, 0], "output_layers": )"
           R"(["time_distributed", 0, 0]}})",
       .weights = {{"embedding/embeddings", {4, 2}},
                   {"time_distributed_1/dense/kernel", {2, 2}},
                   {"time_distributed_1/dense/bias", {2}}},
       .inputs = {{"x", {1, 2, 3}, DType::i32}},
       .results = {"-0.46875 0.625 -0.28906 0.48438"}});
}

}  // namespace
}  // namespace wherry::keras
