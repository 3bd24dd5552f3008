// Tests of merges of tensors and of their masks, with numbers that Keras 2.15 and 3.15 computed.
#include <gtest/gtest.h>

#include "keras/layers/layer_case_test.h"
#include "keras/small_model_test.h"

namespace wherry::keras {
namespace {

TEST(Merge, GivesTensorsOfLowerRankAxesBehindTheBatch) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 2, 3], "dtype": )"
           R"("float32", "name": "a"}, "name": "a", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_shape": [null, 3], "dtype": "float32", "name": "b"}, )"
           R"("name": "b", "inbound_nodes": []}, {"class_name": "Add", "config": {"name": "add", )"
           R"("trainable": true, "dtype": "float32"}, "name": "add", "inbound_nodes": [{"args": )"
           R"([[{"class_name": "__keras_tensor__", "config": {"keras_history": ["a", 0, 0]}}, )"
           R"({"class_name": "__keras_tensor__", "config": {"keras_history": ["b", 0, 0]}}]], )"
           R"("kwargs": {}}]}], "input_layers": [["a", 0, 0], ["b", 0, 0]], "output_layers": )"
           R"(["add", 0, 0]}})",
       .inputs = {{"a", {1, 2, 3}}, {"b", {1, 3}}},
       .results = {"0.25 0.125 0.375 0.625 0 1.875"}});
}

TEST(Merge, BroadcastsBothWays) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 1, 3], "dtype": )"
           R"("float32", "name": "a"}, "name": "a", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_shape": [null, 2, 1], "dtype": "float32", "name": )"
           R"("b"}, "name": "b", "inbound_nodes": []}, {"class_name": "Subtract", "config": )"
           R"({"name": "subtract", "trainable": true, "dtype": "float32"}, "name": "subtract", )"
           R"("inbound_nodes": [{"args": [[{"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["a", 0, 0]}}, {"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["b", 0, 0]}}]], "kwargs": {}}]}], "input_layers": [["a", 0, 0], )"
           R"(["b", 0, 0]], "output_layers": ["subtract", 0, 0]}})",
       .inputs = {{"a", {1, 1, 3}}, {"b", {1, 2, 1}}},
       .results = {"0.75 -0.375 -0.25 -0.25 -1.375 -1.25"}});
}

TEST(Merge, AveragesMoreThanTwo) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 3], "dtype": )"
           R"("float32", "name": "a"}, "name": "a", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_shape": [null, 3], "dtype": "float32", "name": "b"}, )"
           R"("name": "b", "inbound_nodes": []}, {"class_name": "InputLayer", "config": )"
           R"({"batch_shape": [null, 3], "dtype": "float32", "name": "c"}, "name": "c", )"
           R"("inbound_nodes": []}, {"class_name": "Average", "config": {"name": "average", )"
           R"("trainable": true, "dtype": "float32"}, "name": "average", "inbound_nodes": )"
           R"([{"args": [[{"class_name": "__keras_tensor__", "config": {"keras_history": ["a", 0, )"
           R"(0]}}, {"class_name": "__keras_tensor__", "config": {"keras_history": ["b", 0, 0]}}, )"
           R"({"class_name": "__keras_tensor__", "config": {"keras_history": ["c", 0, 0]}}]], )"
           R"("kwargs": {}}]}], "input_layers": [["a", 0, 0], ["b", 0, 0], ["c", 0, 0]], )"
           R"("output_layers": ["average", 0, 0]}})",
       .inputs = {{"a", {1, 3}}, {"b", {1, 3}}, {"c", {1, 3}}},
       .results = {"-0.25 0.041667 0.16667"}});
}

TEST(Merge, JoinsAlongAnyAxis) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 1, 2], "dtype": )"
           R"("float32", "name": "a"}, "name": "a", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_shape": [null, 2, 2], "dtype": "float32", "name": )"
           R"("b"}, "name": "b", "inbound_nodes": []}, {"class_name": "Concatenate", "config": )"
           R"({"name": "concatenate", "trainable": true, "dtype": "float32", "axis": 1}, "name": )"
           R"("concatenate", "inbound_nodes": [{"args": [[{"class_name": "__keras_tensor__", )"
           R"("config": {"keras_history": ["a", 0, 0]}}, {"class_name": "__keras_tensor__", )"
           R"("config": {"keras_history": ["b", 0, 0]}}]], "kwargs": {}}]}], "input_layers": )"
           R"([["a", 0, 0], ["b", 0, 0]], "output_layers": ["concatenate", 0, 0]}})",
       .inputs = {{"a", {1, 1, 2}}, {"b", {1, 2, 2}}},
       .results = {"0.5 -0.625 -0.25 0.75 0.875 0.125"}});
}

TEST(Merge, OfKeras3CountsAStepThatAnyInputCounts) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 3], "dtype": "int32", )"
           R"("name": "p"}, "name": "p", "inbound_nodes": []}, {"class_name": "InputLayer", )"
           R"("config": {"batch_shape": [null, 3], "dtype": "int32", "name": "q"}, "name": "q", )"
           R"("inbound_nodes": []}, {"class_name": "Embedding", "config": {"name": "e", )"
           R"("trainable": true, "dtype": "float32", "input_dim": 4, "output_dim": 2, "mask_zero": )"
           R"(true}, "name": "e", "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", )"
           R"("config": {"keras_history": ["p", 0, 0]}}], "kwargs": {}}]}, {"class_name": )"
           R"("Embedding", "config": {"name": "f", "trainable": true, "dtype": "float32", )"
           R"("input_dim": 4, "output_dim": 2, "mask_zero": true}, "name": "f", "inbound_nodes": )"
           R"([{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["q", 0, )"
           R"(0]}}], "kwargs": {}}]}, {"class_name": "NotEqual", "config": {"name": "not_equal"}, )"
           R"("name": "not_equal", "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", )"
           R"("config": {"keras_history": ["p", 0, 0]}}, 0], "kwargs": {}}]}, {"class_name": )"
           R"("NotEqual", "config": {"name": "not_equal_1"}, "name": "not_equal_1", )"
           R"("inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["q", 0, 0]}}, 0], "kwargs": {}}]}, {"class_name": "Add", )"
           R"("config": {"name": "add", "trainable": true, "dtype": "float32"}, "name": "add", )"
           R"("inbound_nodes": [{"args": [[{"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["e", 0, 0]}}, {"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["f", 0, 0]}}]], "kwargs": {}}]}, {"class_name": "LogicalOr", )"
           R"("config": {"name": "logical_or"}, "name": "logical_or", "inbound_nodes": [{"args": )"
           R"([{"class_name": "__keras_tensor__", "config": {"keras_history": ["not_equal", 0, )"
           R"(0]}}, {"class_name": "__keras_tensor__", "config": {"keras_history": ["not_equal_1", )"
           R"(0, 0]}}], "kwargs": {}}]}, {"class_name": "GlobalAveragePooling1D", "config": )"
           R"({"name": "global_average_pooling1d", "trainable": true, "dtype": "float32", )"
           R"("data_format": "channels_last", "keepdims": false}, "name": )"
           R"("global_average_pooling1d", "inbound_nodes": [{"args": [{"class_name": )"
           R"("__keras_tensor__", "config": {"keras_history": ["add", 0, 0]}}], "kwargs": {"mask": )"
           R"({"class_name": "__keras_tensor__", "config": {"keras_history": ["logical_or", 0, )"
           R"(0]}}}}]}], "input_layers": [["p", 0, 0], ["q", 0, 0]], "output_layers": )"
           R"(["global_average_pooling1d", 0, 0]}})",
       .weights = {{"e/embeddings", {4, 2}}, {"f/embeddings", {4, 2}}},
       .inputs = {{"p", {1, 3}, DType::i32}, {"q", {1, 3}, DType::i32}},
       .results = {"-1.25 0.58333"}});
}

TEST(Merge, OfKeras3MultipliesMaskedStepsByOne) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 3], "dtype": "int32", )"
           R"("name": "p"}, "name": "p", "inbound_nodes": []}, {"class_name": "InputLayer", )"
           R"("config": {"batch_shape": [null, 3], "dtype": "int32", "name": "q"}, "name": "q", )"
           R"("inbound_nodes": []}, {"class_name": "Embedding", "config": {"name": "e", )"
           R"("trainable": true, "dtype": "float32", "input_dim": 4, "output_dim": 2, "mask_zero": )"
           R"(true}, "name": "e", "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", )"
           R"("config": {"keras_history": ["p", 0, 0]}}], "kwargs": {}}]}, {"class_name": )"
           R"("Embedding", "config": {"name": "f", "trainable": true, "dtype": "float32", )"
           R"("input_dim": 4, "output_dim": 2, "mask_zero": true}, "name": "f", "inbound_nodes": )"
           R"([{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["q", 0, )"
           R"(0]}}], "kwargs": {}}]}, {"class_name": "NotEqual", "config": {"name": "not_equal"}, )"
           R"("name": "not_equal", "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", )"
           R"("config": {"keras_history": ["p", 0, 0]}}, 0], "kwargs": {}}]}, {"class_name": )"
           R"("NotEqual", "config": {"name": "not_equal_1"}, "name": "not_equal_1", )"
           R"("inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["q", 0, 0]}}, 0], "kwargs": {}}]}, {"class_name": "Multiply", )"
           R"("config": {"name": "multiply", "trainable": true, "dtype": "float32"}, "name": )"
           R"("multiply", "inbound_nodes": [{"args": [[{"class_name": "__keras_tensor__", )"
           R"("config": {"keras_history": ["e", 0, 0]}}, {"class_name": "__keras_tensor__", )"
           R"("config": {"keras_history": ["f", 0, 0]}}]], "kwargs": {}}]}, {"class_name": )"
           R"("LogicalOr", "config": {"name": "logical_or"}, "name": "logical_or", )"
           R"("inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["not_equal", 0, 0]}}, {"class_name": "__keras_tensor__", )"
           R"("config": {"keras_history": ["not_equal_1", 0, 0]}}], "kwargs": {}}]}, )"
           R"({"class_name": "GlobalAveragePooling1D", "config": {"name": )"
           R"("global_average_pooling1d", "trainable": true, "dtype": "float32", "data_format": )"
           R"("channels_last", "keepdims": false}, "name": "global_average_pooling1d", )"
           R"("inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["multiply", 0, 0]}}], "kwargs": {"mask": {"class_name": )"
           R"("__keras_tensor__", "config": {"keras_history": ["logical_or", 0, 0]}}}}]}], )"
           R"("input_layers": [["p", 0, 0], ["q", 0, 0]], "output_layers": )"
           R"(["global_average_pooling1d", 0, 0]}})",
       .weights = {{"e/embeddings", {4, 2}}, {"f/embeddings", {4, 2}}},
       .inputs = {{"p", {1, 3}, DType::i32}, {"q", {1, 3}, DType::i32}},
       .results = {"-0.52604 0.27604"}});
}

TEST(Merge, OfKeras3LeavesMaskedStepsOutOfTheLargest) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 3], "dtype": "int32", )"
           R"("name": "p"}, "name": "p", "inbound_nodes": []}, {"class_name": "InputLayer", )"
           R"("config": {"batch_shape": [null, 3], "dtype": "int32", "name": "q"}, "name": "q", )"
           R"("inbound_nodes": []}, {"class_name": "Embedding", "config": {"name": "e", )"
           R"("trainable": true, "dtype": "float32", "input_dim": 4, "output_dim": 2, "mask_zero": )"
           R"(true}, "name": "e", "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", )"
           R"("config": {"keras_history": ["p", 0, 0]}}], "kwargs": {}}]}, {"class_name": )"
           R"("Embedding", "config": {"name": "f", "trainable": true, "dtype": "float32", )"
           R"("input_dim": 4, "output_dim": 2, "mask_zero": true}, "name": "f", "inbound_nodes": )"
           R"([{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["q", 0, )"
           R"(0]}}], "kwargs": {}}]}, {"class_name": "NotEqual", "config": {"name": "not_equal"}, )"
           R"("name": "not_equal", "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", )"
           R"("config": {"keras_history": ["p", 0, 0]}}, 0], "kwargs": {}}]}, {"class_name": )"
           R"("NotEqual", "config": {"name": "not_equal_1"}, "name": "not_equal_1", )"
           R"("inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["q", 0, 0]}}, 0], "kwargs": {}}]}, {"class_name": "Maximum", )"
           R"("config": {"name": "maximum", "trainable": true, "dtype": "float32"}, "name": )"
           R"("maximum", "inbound_nodes": [{"args": [[{"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["e", 0, 0]}}, {"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["f", 0, 0]}}]], "kwargs": {}}]}, {"class_name": "LogicalOr", )"
           R"("config": {"name": "logical_or"}, "name": "logical_or", "inbound_nodes": [{"args": )"
           R"([{"class_name": "__keras_tensor__", "config": {"keras_history": ["not_equal", 0, )"
           R"(0]}}, {"class_name": "__keras_tensor__", "config": {"keras_history": ["not_equal_1", )"
           R"(0, 0]}}], "kwargs": {}}]}, {"class_name": "GlobalAveragePooling1D", "config": )"
           R"({"name": "global_average_pooling1d", "trainable": true, "dtype": "float32", )"
           R"("data_format": "channels_last", "keepdims": false}, "name": )"
           R"("global_average_pooling1d", "inbound_nodes": [{"args": [{"class_name": )"
           R"("__keras_tensor__", "config": {"keras_history": ["maximum", 0, 0]}}], "kwargs": )"
           R"({"mask": {"class_name": "__keras_tensor__", "config": {"keras_history": )"
           R"(["logical_or", 0, 0]}}}}]}], "input_layers": [["p", 0, 0], ["q", 0, 0]], )"
           R"("output_layers": ["global_average_pooling1d", 0, 0]}})",
       .weights = {{"e/embeddings", {4, 2}}, {"f/embeddings", {4, 2}}},
       .inputs = {{"p", {1, 3}, DType::i32}, {"q", {1, 3}, DType::i32}},
       .results = {"-0.29167 0.45833"}});
}

TEST(Merge, JoinsMasksOneAfterAnother) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 3], "dtype": "int32", )"
           R"("name": "p"}, "name": "p", "inbound_nodes": []}, {"class_name": "InputLayer", )"
           R"("config": {"batch_shape": [null, 3], "dtype": "int32", "name": "q"}, "name": "q", )"
           R"("inbound_nodes": []}, {"class_name": "Embedding", "config": {"name": "e", )"
           R"("trainable": true, "dtype": "float32", "input_dim": 4, "output_dim": 2, "mask_zero": )"
           R"(true}, "name": "e", "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", )"
           R"("config": {"keras_history": ["p", 0, 0]}}], "kwargs": {}}]}, {"class_name": )"
           R"("Embedding", "config": {"name": "f", "trainable": true, "dtype": "float32", )"
           R"("input_dim": 4, "output_dim": 2, "mask_zero": true}, "name": "f", "inbound_nodes": )"
           R"([{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["q", 0, )"
           R"(0]}}], "kwargs": {}}]}, {"class_name": "NotEqual", "config": {"name": "not_equal"}, )"
           R"("name": "not_equal", "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", )"
           R"("config": {"keras_history": ["p", 0, 0]}}, 0], "kwargs": {}}]}, {"class_name": )"
           R"("NotEqual", "config": {"name": "not_equal_1"}, "name": "not_equal_1", )"
           R"("inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["q", 0, 0]}}, 0], "kwargs": {}}]}, {"class_name": "ExpandDims", )"
           R"("config": {"name": "expand_dims", "axis": -1}, "name": "expand_dims", )"
           R"("inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["not_equal", 0, 0]}}], "kwargs": {}}]}, {"class_name": )"
           R"("ZerosLike", "config": {"name": "zeros_like", "dtype": "bool"}, "name": )"
           R"("zeros_like", "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", )"
           R"("config": {"keras_history": ["e", 0, 0]}}], "kwargs": {}}]}, {"class_name": )"
           R"("ExpandDims", "config": {"name": "expand_dims_1", "axis": -1}, "name": )"
           R"("expand_dims_1", "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", )"
           R"("config": {"keras_history": ["not_equal_1", 0, 0]}}], "kwargs": {}}]}, )"
           R"({"class_name": "ZerosLike", "config": {"name": "zeros_like_1", "dtype": "bool"}, )"
           R"("name": "zeros_like_1", "inbound_nodes": [{"args": [{"class_name": )"
           R"("__keras_tensor__", "config": {"keras_history": ["f", 0, 0]}}], "kwargs": {}}]}, )"
           R"({"class_name": "LogicalOr", "config": {"name": "logical_or"}, "name": "logical_or", )"
           R"("inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["expand_dims", 0, 0]}}, {"class_name": "__keras_tensor__", )"
           R"("config": {"keras_history": ["zeros_like", 0, 0]}}], "kwargs": {}}]}, {"class_name": )"
           R"("LogicalOr", "config": {"name": "logical_or_1"}, "name": "logical_or_1", )"
           R"("inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["expand_dims_1", 0, 0]}}, {"class_name": "__keras_tensor__", )"
           R"("config": {"keras_history": ["zeros_like_1", 0, 0]}}], "kwargs": {}}]}, )"
           R"({"class_name": "Concatenate", "config": {"name": "concatenate_1", "axis": 1}, )"
           R"("name": "concatenate_1", "inbound_nodes": [{"args": [[{"class_name": )"
           R"("__keras_tensor__", "config": {"keras_history": ["logical_or", 0, 0]}}, )"
           R"({"class_name": "__keras_tensor__", "config": {"keras_history": ["logical_or_1", 0, )"
           R"(0]}}]], "kwargs": {}}]}, {"class_name": "Concatenate", "config": {"name": )"
           R"("concatenate", "trainable": true, "dtype": "float32", "axis": 1}, "name": )"
           R"("concatenate", "inbound_nodes": [{"args": [[{"class_name": "__keras_tensor__", )"
           R"("config": {"keras_history": ["e", 0, 0]}}, {"class_name": "__keras_tensor__", )"
           R"("config": {"keras_history": ["f", 0, 0]}}]], "kwargs": {}}]}, {"class_name": "Any", )"
           R"("config": {"name": "any", "axis": -1, "keepdims": false}, "name": "any", )"
           R"("inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["concatenate_1", 0, 0]}}], "kwargs": {}}]}, {"class_name": )"
           R"("GlobalAveragePooling1D", "config": {"name": "global_average_pooling1d", )"
           R"("trainable": true, "dtype": "float32", "data_format": "channels_last", "keepdims": )"
           R"(false}, "name": "global_average_pooling1d", "inbound_nodes": [{"args": )"
           R"([{"class_name": "__keras_tensor__", "config": {"keras_history": ["concatenate", 0, )"
           R"(0]}}], "kwargs": {"mask": {"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["any", 0, 0]}}}}]}], "input_layers": [["p", 0, 0], ["q", 0, 0]], )"
           R"("output_layers": ["global_average_pooling1d", 0, 0]}})",
       .weights = {{"e/embeddings", {4, 2}}, {"f/embeddings", {4, 2}}},
       .inputs = {{"p", {1, 3}, DType::i32}, {"q", {1, 3}, DType::i32}},
       .results = {"-0.4375 0.4375"}});
}

TEST(Merge, OfKeras2CountsAStepThatEveryInputCounts) {
  expect_results(
      {.dialect = Dialect::keras2,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_input_shape": [null, 3], "dtype": )"
           R"("int32", "name": "p"}, "name": "p", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_input_shape": [null, 3], "dtype": "int32", "name": )"
           R"("q"}, "name": "q", "inbound_nodes": []}, {"class_name": "Embedding", "config": )"
           R"({"name": "e", "trainable": true, "dtype": "float32", "batch_input_shape": [null, )"
           R"(null], "input_dim": 4, "output_dim": 2, "mask_zero": true}, "name": "e", )"
           R"("inbound_nodes": [[["p", 0, 0, {}]]]}, {"class_name": "Embedding", "config": )"
           R"({"name": "f", "trainable": true, "dtype": "float32", "batch_input_shape": [null, )"
           R"(null], "input_dim": 4, "output_dim": 2, "mask_zero": true}, "name": "f", )"
           R"("inbound_nodes": [[["q", 0, 0, {}]]]}, {"class_name": "Add", "config": {"name": )"
           R"("add", "trainable": true, "dtype": "float32"}, "name": "add", "inbound_nodes": )"
           R"([[["e", 0, 0, {}], ["f", 0, 0, {}]]]}, {"class_name": "GlobalAveragePooling1D", )"
           R"("config": {"name": "global_average_pooling1d", "trainable": true, "dtype": )"
           R"("float32", "data_format": "channels_last", "keepdims": false}, "name": )"
           R"("global_average_pooling1d", "inbound_nodes": [[["add", 0, 0, {}]]]}], )"
           R"("input_layers": [["p", 0, 0], ["q", 0, 0]], "output_layers": )"
           R"([["global_average_pooling1d", 0, 0]]}})",
       .weights = {{"e/embeddings:0", {4, 2}}, {"f/embeddings:0", {4, 2}}},
       .inputs = {{"p", {1, 3}, DType::i32}, {"q", {1, 3}, DType::i32}},
       .results = {"-0.5 1.25"}});
}

TEST(Merge, OfKeras2MultipliesWithoutLookingAtMasks) {
  expect_results(
      {.dialect = Dialect::keras2,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_input_shape": [null, 3], "dtype": )"
           R"("int32", "name": "p"}, "name": "p", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_input_shape": [null, 3], "dtype": "int32", "name": )"
           R"("q"}, "name": "q", "inbound_nodes": []}, {"class_name": "Embedding", "config": )"
           R"({"name": "e", "trainable": true, "dtype": "float32", "batch_input_shape": [null, )"
           R"(null], "input_dim": 4, "output_dim": 2, "mask_zero": true}, "name": "e", )"
           R"("inbound_nodes": [[["p", 0, 0, {}]]]}, {"class_name": "Embedding", "config": )"
           R"({"name": "f", "trainable": true, "dtype": "float32", "batch_input_shape": [null, )"
           R"(null], "input_dim": 4, "output_dim": 2, "mask_zero": true}, "name": "f", )"
           R"("inbound_nodes": [[["q", 0, 0, {}]]]}, {"class_name": "Multiply", "config": {"name": )"
           R"("multiply", "trainable": true, "dtype": "float32"}, "name": "multiply", )"
           R"("inbound_nodes": [[["e", 0, 0, {}], ["f", 0, 0, {}]]]}, {"class_name": )"
           R"("GlobalAveragePooling1D", "config": {"name": "global_average_pooling1d", )"
           R"("trainable": true, "dtype": "float32", "data_format": "channels_last", "keepdims": )"
           R"(false}, "name": "global_average_pooling1d", "inbound_nodes": [[["multiply", 0, 0, )"
           R"({}]]]}], "input_layers": [["p", 0, 0], ["q", 0, 0]], "output_layers": )"
           R"([["global_average_pooling1d", 0, 0]]}})",
       .weights = {{"e/embeddings:0", {4, 2}}, {"f/embeddings:0", {4, 2}}},
       .inputs = {{"p", {1, 3}, DType::i32}, {"q", {1, 3}, DType::i32}},
       .results = {"-0.32812 0.32812"}});
}

/// Two inputs of one type and what the layer makes of them.
std::vector<Tensor> merged(const std::string& layer, DType type, const std::vector<int64_t>& a,
                           const std::vector<int64_t>& b) {
  const std::string dtype = type == DType::u8 ? "uint8" : "int32";
  std::string text = R"({"class_name": "Functional", "config": {"name": "m", "layers": [)";
  for (std::string name : {"a", "b"})
    text += R"({"class_name": "InputLayer", "name": ")" + name +
            R"(", "inbound_nodes": [], "config": {"batch_input_shape": [null, 3], "dtype": ")" +
            dtype + R"(", "name": ")" + name + R"("}}, )";
  text += R"({"class_name": ")" + layer +
          R"(", "name": "y", "config": {"name": "y"}, "inbound_nodes": [[["a", 0, 0, {}], )"
          R"(["b", 0, 0, {}]]]}], "input_layers": [["a", 0, 0], ["b", 0, 0]], )"
          R"("output_layers": [["y", 0, 0]]}})";
  return results_of(small_model(Dialect::keras2, text),
                    {integers({1, 3}, a, type), integers({1, 3}, b, type)});
}

TEST(Merge, OfIntegersGivesIntegersThatWrapAround) {
  auto sum = merged("Add", DType::u8, {200, 3, 255}, {100, 4, 1});
  ASSERT_EQ(sum.size(), 1u);
  EXPECT_EQ(sum[0].type.dtype, DType::u8);
  EXPECT_EQ(shown(elements_of(sum[0])), "44 7 0");
  auto difference = merged("Subtract", DType::u8, {100, 3, 5}, {101, 4, 1});
  ASSERT_EQ(difference.size(), 1u);
  EXPECT_EQ(shown(elements_of(difference[0])), "255 255 4");
  auto largest = merged("Maximum", DType::i32, {70000, -3, 5}, {2, -4, 5});
  ASSERT_EQ(largest.size(), 1u);
  EXPECT_EQ(largest[0].type.dtype, DType::i32);
  EXPECT_EQ(shown(elements_of(largest[0])), "7e+04 -3 5");
}

TEST(Merge, OfIntegersAveragesWhatTheirTypeHolds) {
  auto mean = merged("Average", DType::u8, {200, 3, 255}, {100, 4, 1});
  ASSERT_EQ(mean.size(), 1u);
  EXPECT_EQ(mean[0].type.dtype, DType::f32);
  EXPECT_EQ(shown(elements_of(mean[0])), "22 3.5 0");
}

}  // namespace
}  // namespace wherry::keras
