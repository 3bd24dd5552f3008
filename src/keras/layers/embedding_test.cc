// Tests of tables of rows, with numbers that Keras 2.15 and 3.15 computed.
#include <gtest/gtest.h>

#include "keras/layers/layer_case_test.h"

namespace wherry::keras {
namespace {

TEST(Embedding, PicksRows) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 3], "dtype": "int32", )"
           R"("name": "x"}, "name": "x", "inbound_nodes": []}, {"class_name": "Embedding", )"
           R"("config": {"name": "embedding", "trainable": true, "dtype": "float32", "input_dim": )"
           R"(4, "output_dim": 3, "mask_zero": false}, "name": "embedding", "inbound_nodes": )"
           R"([{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, )"
           R"(0]}}], "kwargs": {}}]}], "input_layers": ["x", 0, 0], "output_layers": ["embedding", )"
           R"(0, 0]}})",
       .weights = {{"embedding/embeddings", {4, 3}}},
       .inputs = {{"x", {1, 3}, DType::i32}},
       .results = {"-1 0 0.125 -0.125 -0.625 0.125 -1 0 0.125"}});
}

TEST(Embedding, TakesNumbersOfEightBytes) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 2], "dtype": "int64", )"
           R"("name": "x"}, "name": "x", "inbound_nodes": []}, {"class_name": "Embedding", )"
           R"("config": {"name": "embedding", "trainable": true, "dtype": "float32", "input_dim": )"
           R"(4, "output_dim": 2, "mask_zero": false}, "name": "embedding", "inbound_nodes": )"
           R"([{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, )"
           R"(0]}}], "kwargs": {}}]}], "input_layers": ["x", 0, 0], "output_layers": ["embedding", )"
           R"(0, 0]}})",
       .weights = {{"embedding/embeddings", {4, 2}}},
       .inputs = {{"x", {1, 2}, DType::i64}},
       .results = {"-1 0 0.375 0.375"}});
}

TEST(Embedding, MasksStepsOfZero) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 5], "dtype": "int32", )"
           R"("name": "x"}, "name": "x", "inbound_nodes": []}, {"class_name": "Embedding", )"
           R"("config": {"name": "embedding", "trainable": true, "dtype": "float32", "input_dim": )"
           R"(4, "output_dim": 2, "mask_zero": true}, "name": "embedding", "inbound_nodes": )"
           R"([{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, )"
           R"(0]}}], "kwargs": {}}]}, {"class_name": "NotEqual", "config": {"name": "not_equal"}, )"
           R"("name": "not_equal", "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", )"
           R"("config": {"keras_history": ["x", 0, 0]}}, 0], "kwargs": {}}]}, {"class_name": )"
           R"("GlobalAveragePooling1D", "config": {"name": "global_average_pooling1d", )"
           R"("trainable": true, "dtype": "float32", "data_format": "channels_last", "keepdims": )"
           R"(false}, "name": "global_average_pooling1d", "inbound_nodes": [{"args": )"
           R"([{"class_name": "__keras_tensor__", "config": {"keras_history": ["embedding", 0, )"
           R"(0]}}], "kwargs": {"mask": {"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["not_equal", 0, 0]}}}}]}], "input_layers": ["x", 0, 0], )"
           R"("output_layers": ["global_average_pooling1d", 0, 0]}})",
       .weights = {{"embedding/embeddings", {4, 2}}},
       .inputs = {{"x", {1, 5}, DType::i32}},
       .results = {"0.20833 0.083333"}});
}

TEST(ReversibleEmbedding, ScoresAllRowsWhenReversed) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 2], "dtype": "int32", )"
           R"("name": "x"}, "name": "x", "inbound_nodes": []}, {"class_name": )"
           R"("ReversibleEmbedding", "config": {"name": "reversible_embedding", "trainable": true, )"
           R"("dtype": "float32", "input_dim": 4, "output_dim": 2, "mask_zero": false, )"
           R"("tie_weights": true, "logit_soft_cap": 1.5}, "name": "reversible_embedding", )"
           R"("inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["x", 0, 0]}}], "kwargs": {}}, {"args": [{"class_name": )"
           R"("__keras_tensor__", "config": {"keras_history": ["reversible_embedding", 0, 0]}}], )"
           R"("kwargs": {"reverse": true}}]}], "input_layers": ["x", 0, 0], "output_layers": )"
           R"(["reversible_embedding", 1, 0]}})",
       .weights = {{"reversible_embedding/embeddings", {4, 2}}},
       .inputs = {{"x", {1, 2}, DType::i32}},
       .results = {"0.87417 -0.12471 0.12471 -0.36738 -0.36738 -0.18653 -0.23249 0.278"}});
}

TEST(ReversibleEmbedding, HasATableForEachDirectionWhenNotTied) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 2], "dtype": "int32", )"
           R"("name": "x"}, "name": "x", "inbound_nodes": []}, {"class_name": )"
           R"("ReversibleEmbedding", "config": {"name": "reversible_embedding", "trainable": true, )"
           R"("dtype": "float32", "input_dim": 4, "output_dim": 2, "mask_zero": false, )"
           R"("tie_weights": false}, "name": "reversible_embedding", "inbound_nodes": [{"args": )"
           R"([{"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}}], )"
           R"("kwargs": {}}, {"args": [{"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["reversible_embedding", 0, 0]}}], "kwargs": {"reverse": )"
           R"(true}}]}], "input_layers": ["x", 0, 0], "output_layers": ["reversible_embedding", 1, )"
           R"(0]}})",
       .weights = {{"reversible_embedding/embeddings", {4, 2}},
                   {"reversible_embedding/reverse_embeddings", {2, 4}}},
       .inputs = {{"x", {1, 2}, DType::i32}},
       .results = {"-0.375 0.75 0.625 -0.75 -0.1875 0.046875 -0.375 0.14062"}});
}

TEST(Embedding, OfKeras2HandsItsMaskOn) {
  expect_results(
      {.dialect = Dialect::keras2,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_input_shape": [null, 5], "dtype": )"
           R"("int32", "name": "x"}, "name": "x", "inbound_nodes": []}, {"class_name": )"
           R"("Embedding", "config": {"name": "embedding", "trainable": true, "dtype": "float32", )"
           R"("batch_input_shape": [null, null], "input_dim": 4, "output_dim": 2, "mask_zero": )"
           R"(true}, "name": "embedding", "inbound_nodes": [[["x", 0, 0, {}]]]}, {"class_name": )"
           R"("GlobalAveragePooling1D", "config": {"name": "global_average_pooling1d", )"
           R"("trainable": true, "dtype": "float32", "data_format": "channels_last", "keepdims": )"
           R"(false}, "name": "global_average_pooling1d", "inbound_nodes": [[["embedding", 0, 0, )"
           R"({}]]]}], "input_layers": [["x", 0, 0]], "output_layers": )"
           R"([["global_average_pooling1d", 0, 0]]}})",
       .weights = {{"embedding/embeddings:0", {4, 2}}},
       .inputs = {{"x", {1, 5}, DType::i32}},
       .results = {"0.20833 0.083333"}});
}

}  // namespace
}  // namespace wherry::keras
