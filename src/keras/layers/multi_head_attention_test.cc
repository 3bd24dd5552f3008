// Tests of attention in several heads, with numbers that Keras 2.15 and 3.15 computed.
#include <gtest/gtest.h>

#include "keras/layers/layer_case_test.h"
#include "keras/small_model_test.h"

namespace wherry::keras {
namespace {

TEST(MultiHeadAttention, MixesValuesInEveryHead) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 2, 3], "dtype": )"
           R"("float32", "name": "a"}, "name": "a", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_shape": [null, 3, 3], "dtype": "float32", "name": )"
           R"("b"}, "name": "b", "inbound_nodes": []}, {"class_name": "MultiHeadAttention", )"
           R"("config": {"name": "multi_head_attention", "trainable": true, "dtype": "float32", )"
           R"("num_heads": 2, "key_dim": 2, "value_dim": 2, "dropout": 0.0, "use_bias": true, )"
           R"("use_gate": false, "attention_axes": [1]}, "name": "multi_head_attention", )"
           R"("inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["a", 0, 0]}}, {"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["b", 0, 0]}}], "kwargs": {}}]}], "input_layers": [["a", 0, 0], )"
           R"(["b", 0, 0]], "output_layers": ["multi_head_attention", 0, 0]}})",
       .weights = {{"multi_head_attention/query/kernel", {3, 2, 2}},
                   {"multi_head_attention/query/bias", {2, 2}},
                   {"multi_head_attention/key/kernel", {3, 2, 2}},
                   {"multi_head_attention/key/bias", {2, 2}},
                   {"multi_head_attention/value/kernel", {3, 2, 2}},
                   {"multi_head_attention/value/bias", {2, 2}},
                   {"multi_head_attention/attention_output/kernel", {2, 2, 3}},
                   {"multi_head_attention/attention_output/bias", {3}}},
       .inputs = {{"a", {1, 2, 3}}, {"b", {1, 3, 3}}},
       .results = {"-0.1288 -0.30751 -2.096 -0.005503 -0.43709 -2.4846"}});
}

TEST(MultiHeadAttention, TakesKeysOfTheirOwnAndReturnsScores) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 2, 3], "dtype": )"
           R"("float32", "name": "a"}, "name": "a", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_shape": [null, 3, 2], "dtype": "float32", "name": )"
           R"("b"}, "name": "b", "inbound_nodes": []}, {"class_name": "InputLayer", "config": )"
           R"({"batch_shape": [null, 3, 4], "dtype": "float32", "name": "c"}, "name": "c", )"
           R"("inbound_nodes": []}, {"class_name": "MultiHeadAttention", "config": {"name": )"
           R"("multi_head_attention", "trainable": true, "dtype": "float32", "num_heads": 1, )"
           R"("key_dim": 2, "value_dim": 3, "dropout": 0.0, "use_bias": false, "use_gate": false, )"
           R"("output_shape": [2], "attention_axes": [1]}, "name": "multi_head_attention", )"
           R"("inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["a", 0, 0]}}, {"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["b", 0, 0]}}, {"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["c", 0, 0]}}], "kwargs": {"return_attention_scores": true}}]}], )"
           R"("input_layers": [["a", 0, 0], ["b", 0, 0], ["c", 0, 0]], "output_layers": )"
           R"([["multi_head_attention", 0, 0], ["multi_head_attention", 0, 1]]}})",
       .weights = {{"multi_head_attention/query/kernel", {3, 1, 2}},
                   {"multi_head_attention/key/kernel", {4, 1, 2}},
                   {"multi_head_attention/value/kernel", {2, 1, 3}},
                   {"multi_head_attention/attention_output/kernel", {1, 3, 2}}},
       .inputs = {{"a", {1, 2, 3}}, {"b", {1, 3, 2}}, {"c", {1, 3, 4}}},
       .results = {"-0.15961 -0.44038 -0.22907 -0.52161",
                   "0.50181 0.28807 0.21011 0.38189 0.37808 0.24003"}});
}

TEST(MultiHeadAttention, LooksOnlyBack) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 3, 2], "dtype": )"
           R"("float32", "name": "a"}, "name": "a", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_shape": [null, 3, 2], "dtype": "float32", "name": )"
           R"("b"}, "name": "b", "inbound_nodes": []}, {"class_name": "MultiHeadAttention", )"
           R"("config": {"name": "multi_head_attention", "trainable": true, "dtype": "float32", )"
           R"("num_heads": 2, "key_dim": 2, "value_dim": 2, "dropout": 0.0, "use_bias": true, )"
           R"("use_gate": false, "attention_axes": [1]}, "name": "multi_head_attention", )"
           R"("inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["a", 0, 0]}}, {"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["b", 0, 0]}}], "kwargs": {"use_causal_mask": true}}]}], )"
           R"("input_layers": [["a", 0, 0], ["b", 0, 0]], "output_layers": )"
           R"(["multi_head_attention", 0, 0]}})",
       .weights = {{"multi_head_attention/query/kernel", {2, 2, 2}},
                   {"multi_head_attention/query/bias", {2, 2}},
                   {"multi_head_attention/key/kernel", {2, 2, 2}},
                   {"multi_head_attention/key/bias", {2, 2}},
                   {"multi_head_attention/value/kernel", {2, 2, 2}},
                   {"multi_head_attention/value/bias", {2, 2}},
                   {"multi_head_attention/attention_output/kernel", {2, 2, 2}},
                   {"multi_head_attention/attention_output/bias", {2}}},
       .inputs = {{"a", {1, 3, 2}}, {"b", {1, 3, 2}}},
       .results = {"-1.4297 -2.2031 -1.042 -1.728 -0.90927 -1.57"}});
}

TEST(MultiHeadAttention, LeavesOutMaskedPairs) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 2, 3], "dtype": )"
           R"("float32", "name": "a"}, "name": "a", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_shape": [null, 3, 3], "dtype": "float32", "name": )"
           R"("b"}, "name": "b", "inbound_nodes": []}, {"class_name": "InputLayer", "config": )"
           R"({"batch_shape": [null, 2, 3], "dtype": "bool", "name": "m"}, "name": "m", )"
           R"("inbound_nodes": []}, {"class_name": "MultiHeadAttention", "config": {"name": )"
           R"("multi_head_attention", "trainable": true, "dtype": "float32", "num_heads": 2, )"
           R"("key_dim": 2, "value_dim": 2, "dropout": 0.0, "use_bias": true, "use_gate": false, )"
           R"("attention_axes": [1]}, "name": "multi_head_attention", "inbound_nodes": [{"args": )"
           R"([{"class_name": "__keras_tensor__", "config": {"keras_history": ["a", 0, 0]}}, )"
           R"({"class_name": "__keras_tensor__", "config": {"keras_history": ["b", 0, 0]}}], )"
           R"("kwargs": {"attention_mask": {"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["m", 0, 0]}}}}]}], "input_layers": [["a", 0, 0], ["b", 0, 0], )"
           R"(["m", 0, 0]], "output_layers": ["multi_head_attention", 0, 0]}})",
       .weights = {{"multi_head_attention/query/kernel", {3, 2, 2}},
                   {"multi_head_attention/query/bias", {2, 2}},
                   {"multi_head_attention/key/kernel", {3, 2, 2}},
                   {"multi_head_attention/key/bias", {2, 2}},
                   {"multi_head_attention/value/kernel", {3, 2, 2}},
                   {"multi_head_attention/value/bias", {2, 2}},
                   {"multi_head_attention/attention_output/kernel", {2, 2, 3}},
                   {"multi_head_attention/attention_output/bias", {3}}},
       .inputs = {{"a", {1, 2, 3}}, {"b", {1, 3, 3}}, {"m", {1, 2, 3}, DType::boolean}},
       .results = {"-0.085042 -0.53798 -2.2621 -0.94922 -0.47656 -1.4316"}});
}

TEST(MultiHeadAttention, LeavesRowsWithoutAnyPairAtZero) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 3], "dtype": "int32", )"
           R"("name": "p"}, "name": "p", "inbound_nodes": []}, {"class_name": "Embedding", )"
           R"("config": {"name": "embedding", "trainable": true, "dtype": "float32", "input_dim": )"
           R"(4, "output_dim": 2, "mask_zero": true}, "name": "embedding", "inbound_nodes": )"
           R"([{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["p", 0, )"
           R"(0]}}], "kwargs": {}}]}, {"class_name": "MultiHeadAttention", "config": {"name": )"
           R"("multi_head_attention", "trainable": true, "dtype": "float32", "num_heads": 1, )"
           R"("key_dim": 2, "value_dim": 2, "dropout": 0.0, "use_bias": true, "use_gate": false, )"
           R"("attention_axes": [1]}, "name": "multi_head_attention", "inbound_nodes": [{"args": )"
           R"([{"class_name": "__keras_tensor__", "config": {"keras_history": ["embedding", 0, )"
           R"(0]}}, {"class_name": "__keras_tensor__", "config": {"keras_history": ["embedding", )"
           R"(0, 0]}}], "kwargs": {"return_attention_scores": true}}]}], "input_layers": ["p", 0, )"
           R"(0], "output_layers": [["multi_head_attention", 0, 0], ["multi_head_attention", 0, )"
           R"(1]]}})",
       .weights = {{"embedding/embeddings", {4, 2}},
                   {"multi_head_attention/query/kernel", {2, 1, 2}},
                   {"multi_head_attention/query/bias", {1, 2}},
                   {"multi_head_attention/key/kernel", {2, 1, 2}},
                   {"multi_head_attention/key/bias", {1, 2}},
                   {"multi_head_attention/value/kernel", {2, 1, 2}},
                   {"multi_head_attention/value/bias", {1, 2}},
                   {"multi_head_attention/attention_output/kernel", {1, 2, 2}},
                   {"multi_head_attention/attention_output/bias", {2}}},
       .inputs = {{"p", {1, 3}, DType::i32}},
       .results = {"-0.625 0.375 -0.41406 -0.60156 -0.625 0.375", "0 0 0 0 1 0 0 0 0"}});
}

TEST(MultiHeadAttention, GoesOverSomeAxesOnly) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 2, 2, 2], "dtype": )"
           R"("float32", "name": "a"}, "name": "a", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_shape": [null, 2, 3, 2], "dtype": "float32", "name": )"
           R"("b"}, "name": "b", "inbound_nodes": []}, {"class_name": "MultiHeadAttention", )"
           R"("config": {"name": "multi_head_attention", "trainable": true, "dtype": "float32", )"
           R"("num_heads": 1, "key_dim": 2, "value_dim": 2, "dropout": 0.0, "use_bias": true, )"
           R"("use_gate": false, "attention_axes": [2]}, "name": "multi_head_attention", )"
           R"("inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["a", 0, 0]}}, {"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["b", 0, 0]}}], "kwargs": {}}]}], "input_layers": [["a", 0, 0], )"
           R"(["b", 0, 0]], "output_layers": ["multi_head_attention", 0, 0]}})",
       .weights = {{"multi_head_attention/query/kernel", {2, 1, 2}},
                   {"multi_head_attention/query/bias", {1, 2}},
                   {"multi_head_attention/key/kernel", {2, 1, 2}},
                   {"multi_head_attention/key/bias", {1, 2}},
                   {"multi_head_attention/value/kernel", {2, 1, 2}},
                   {"multi_head_attention/value/bias", {1, 2}},
                   {"multi_head_attention/attention_output/kernel", {1, 2, 2}},
                   {"multi_head_attention/attention_output/bias", {2}}},
       .inputs = {{"a", {1, 2, 2, 2}}, {"b", {1, 2, 3, 2}}},
       .results = {"-0.52139 -1.1637 -0.71953 -1.4059 -0.58729 -1.5249 -0.58152 -1.5204"}});
}

TEST(MultiHeadAttention, GoesOverSeveralAxesTogether) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 2, 2, 2], "dtype": )"
           R"("float32", "name": "a"}, "name": "a", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_shape": [null, 2, 2, 2], "dtype": "float32", "name": )"
           R"("b"}, "name": "b", "inbound_nodes": []}, {"class_name": "MultiHeadAttention", )"
           R"("config": {"name": "multi_head_attention", "trainable": true, "dtype": "float32", )"
           R"("num_heads": 2, "key_dim": 2, "value_dim": 2, "dropout": 0.0, "use_bias": true, )"
           R"("use_gate": false, "attention_axes": [1, 2]}, "name": "multi_head_attention", )"
           R"("inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["a", 0, 0]}}, {"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["b", 0, 0]}}], "kwargs": {}}]}], "input_layers": [["a", 0, 0], )"
           R"(["b", 0, 0]], "output_layers": ["multi_head_attention", 0, 0]}})",
       .weights = {{"multi_head_attention/query/kernel", {2, 2, 2}},
                   {"multi_head_attention/query/bias", {2, 2}},
                   {"multi_head_attention/key/kernel", {2, 2, 2}},
                   {"multi_head_attention/key/bias", {2, 2}},
                   {"multi_head_attention/value/kernel", {2, 2, 2}},
                   {"multi_head_attention/value/bias", {2, 2}},
                   {"multi_head_attention/attention_output/kernel", {2, 2, 2}},
                   {"multi_head_attention/attention_output/bias", {2}}},
       .inputs = {{"a", {1, 2, 2, 2}}, {"b", {1, 2, 2, 2}}},
       .results = {"-0.76064 -2.1364 -0.53494 -1.7997 -0.54338 -1.794 -0.71235 -1.998"}});
}

TEST(MultiHeadAttention, SeesOnlyItsNeighbourhood) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 4, 2], "dtype": )"
           R"("float32", "name": "a"}, "name": "a", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_shape": [null, 4, 2], "dtype": "float32", "name": )"
           R"("b"}, "name": "b", "inbound_nodes": []}, {"class_name": "MultiHeadAttention", )"
           R"("config": {"name": "multi_head_attention", "trainable": true, "dtype": "float32", )"
           R"("num_heads": 1, "key_dim": 2, "value_dim": 2, "dropout": 0.0, "use_bias": true, )"
           R"("use_gate": false, "attention_axes": [1], "sliding_window": 2}, "name": )"
           R"("multi_head_attention", "inbound_nodes": [{"args": [{"class_name": )"
           R"("__keras_tensor__", "config": {"keras_history": ["a", 0, 0]}}, {"class_name": )"
           R"("__keras_tensor__", "config": {"keras_history": ["b", 0, 0]}}], "kwargs": {}}]}], )"
           R"("input_layers": [["a", 0, 0], ["b", 0, 0]], "output_layers": )"
           R"(["multi_head_attention", 0, 0]}})",
       .weights = {{"multi_head_attention/query/kernel", {2, 1, 2}},
                   {"multi_head_attention/query/bias", {1, 2}},
                   {"multi_head_attention/key/kernel", {2, 1, 2}},
                   {"multi_head_attention/key/bias", {1, 2}},
                   {"multi_head_attention/value/kernel", {2, 1, 2}},
                   {"multi_head_attention/value/bias", {1, 2}},
                   {"multi_head_attention/attention_output/kernel", {1, 2, 2}},
                   {"multi_head_attention/attention_output/bias", {2}}},
       .inputs = {{"a", {1, 4, 2}}, {"b", {1, 4, 2}}},
       .results = {"-0.60426 -1.2629 -0.71953 -1.4059 -0.11282 -1.2926 -0.13356 -1.3593"}});
}

TEST(MultiHeadAttention, OpensAGate) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 2, 3], "dtype": )"
           R"("float32", "name": "a"}, "name": "a", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_shape": [null, 3, 3], "dtype": "float32", "name": )"
           R"("b"}, "name": "b", "inbound_nodes": []}, {"class_name": "MultiHeadAttention", )"
           R"("config": {"name": "multi_head_attention", "trainable": true, "dtype": "float32", )"
           R"("num_heads": 2, "key_dim": 2, "value_dim": 2, "dropout": 0.0, "use_bias": true, )"
           R"("use_gate": true, "attention_axes": [1]}, "name": "multi_head_attention", )"
           R"("inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["a", 0, 0]}}, {"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["b", 0, 0]}}], "kwargs": {}}]}], "input_layers": [["a", 0, 0], )"
           R"(["b", 0, 0]], "output_layers": ["multi_head_attention", 0, 0]}})",
       .weights = {{"multi_head_attention/query/kernel", {3, 2, 2}},
                   {"multi_head_attention/query/bias", {2, 2}},
                   {"multi_head_attention/key/kernel", {3, 2, 2}},
                   {"multi_head_attention/key/bias", {2, 2}},
                   {"multi_head_attention/gate/kernel", {3, 2, 2}},
                   {"multi_head_attention/gate/bias", {2, 2}},
                   {"multi_head_attention/value/kernel", {3, 2, 2}},
                   {"multi_head_attention/value/bias", {2, 2}},
                   {"multi_head_attention/attention_output/kernel", {2, 2, 3}},
                   {"multi_head_attention/attention_output/bias", {3}}},
       .inputs = {{"a", {1, 2, 3}}, {"b", {1, 3, 3}}},
       .results = {"0.72223 -1.2842 0.080318 0.58354 -1.3245 -0.064342"}});
}

TEST(GroupQueryAttention, SharesKeysAmongHeads) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 2, 3], "dtype": )"
           R"("float32", "name": "a"}, "name": "a", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_shape": [null, 3, 3], "dtype": "float32", "name": )"
           R"("b"}, "name": "b", "inbound_nodes": []}, {"class_name": "GroupQueryAttention", )"
           R"("config": {"name": "grouped_query_attention", "trainable": true, "dtype": "float32", )"
           R"("head_dim": 2, "num_query_heads": 4, "num_key_value_heads": 2, "use_bias": true, )"
           R"("use_gate": false, "dropout": 0.0}, "name": "grouped_query_attention", )"
           R"("inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["a", 0, 0]}}, {"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["b", 0, 0]}}], "kwargs": {}}]}], "input_layers": [["a", 0, 0], )"
           R"(["b", 0, 0]], "output_layers": ["grouped_query_attention", 0, 0]}})",
       .weights = {{"grouped_query_attention/query/kernel", {3, 4, 2}},
                   {"grouped_query_attention/query/bias", {4, 2}},
                   {"grouped_query_attention/key/kernel", {3, 2, 2}},
                   {"grouped_query_attention/key/bias", {2, 2}},
                   {"grouped_query_attention/value/kernel", {3, 2, 2}},
                   {"grouped_query_attention/value/bias", {2, 2}},
                   {"grouped_query_attention/attention_output/kernel", {4, 2, 3}},
                   {"grouped_query_attention/attention_output/bias", {3}}},
       .inputs = {{"a", {1, 2, 3}}, {"b", {1, 3, 3}}},
       .results = {"-1.6023 0.65063 -3.8483 -1.1928 0.79309 -4.2425"}});
}

TEST(GroupQueryAttention, ReturnsScoresOfEveryHead) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 3, 2], "dtype": )"
           R"("float32", "name": "a"}, "name": "a", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_shape": [null, 3, 2], "dtype": "float32", "name": )"
           R"("b"}, "name": "b", "inbound_nodes": []}, {"class_name": "GroupQueryAttention", )"
           R"("config": {"name": "grouped_query_attention", "trainable": true, "dtype": "float32", )"
           R"("head_dim": 2, "num_query_heads": 2, "num_key_value_heads": 1, "use_bias": false, )"
           R"("use_gate": false, "dropout": 0.0}, "name": "grouped_query_attention", )"
           R"("inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["a", 0, 0]}}, {"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["b", 0, 0]}}], "kwargs": {"return_attention_scores": true, )"
           R"("use_causal_mask": true}}]}], "input_layers": [["a", 0, 0], ["b", 0, 0]], )"
           R"("output_layers": [["grouped_query_attention", 0, 0], ["grouped_query_attention", 0, )"
           R"(1]]}})",
       .weights = {{"grouped_query_attention/query/kernel", {2, 2, 2}},
                   {"grouped_query_attention/key/kernel", {2, 1, 2}},
                   {"grouped_query_attention/value/kernel", {2, 1, 2}},
                   {"grouped_query_attention/attention_output/kernel", {2, 2, 2}}},
       .inputs = {{"a", {1, 3, 2}}, {"b", {1, 3, 2}}},
       .results = {
           "0.45312 -0.41406 0.027809 -0.39897 -0.0081092 -0.36803",
           "1 0 0 0.34741 0.65259 0 0.19272 0.43895 0.36833 1 0 0 0.60872 0.39128 0 0.46488 "
           "0.24971 0.28541"}});
}

TEST(MultiHeadAttention, OfKeras2FindsTheMasksOfItsInputs) {
  expect_results(
      {.dialect = Dialect::keras2,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_input_shape": [null, 3], "dtype": )"
           R"("int32", "name": "p"}, "name": "p", "inbound_nodes": []}, {"class_name": )"
           R"("Embedding", "config": {"name": "embedding", "trainable": true, "dtype": "float32", )"
           R"("batch_input_shape": [null, null], "input_dim": 4, "output_dim": 2, "mask_zero": )"
           R"(true}, "name": "embedding", "inbound_nodes": [[["p", 0, 0, {}]]]}, {"class_name": )"
           R"("MultiHeadAttention", "config": {"name": "multi_head_attention", "trainable": true, )"
           R"("dtype": "float32", "num_heads": 1, "key_dim": 2, "value_dim": 2, "dropout": 0.0, )"
           R"("use_bias": true, "attention_axes": [1], "query_shape": [null, 3, 2], "key_shape": )"
           R"([null, 3, 2], "value_shape": [null, 3, 2]}, "name": "multi_head_attention", )"
           R"("inbound_nodes": [[["embedding", 0, 0, {"value": ["embedding", 0, 0]}]]]}], )"
           R"("input_layers": [["p", 0, 0]], "output_layers": [["multi_head_attention", 0, 0]]}})",
       .weights = {{"embedding/embeddings:0", {4, 2}},
                   {"multi_head_attention/query/kernel:0", {2, 1, 2}},
                   {"multi_head_attention/query/bias:0", {1, 2}},
                   {"multi_head_attention/key/kernel:0", {2, 1, 2}},
                   {"multi_head_attention/key/bias:0", {1, 2}},
                   {"multi_head_attention/value/kernel:0", {2, 1, 2}},
                   {"multi_head_attention/value/bias:0", {1, 2}},
                   {"multi_head_attention/attention_output/kernel:0", {1, 2, 2}},
                   {"multi_head_attention/attention_output/bias:0", {2}}},
       .inputs = {{"p", {1, 3}, DType::i32}},
       .results = {"-0.0026041 -1.1172 -0.41406 -0.60156 -0.0026041 -1.1172"}});
}

TEST(MultiHeadAttention, OfOpenLengthsComputesShapesOnlyWhereHeadsPart) {
  SavedModel saved = small_model(
      Dialect::keras2,
      R"({"class_name": "Functional", "config": {"name": "m", "layers": [)"
      R"({"class_name": "InputLayer", "config": {"batch_input_shape": [null, null, 2], "dtype": )"
      R"("float32", "name": "x"}, "name": "x", "inbound_nodes": []}, {"class_name": )"
      R"("MultiHeadAttention", "config": {"name": "mha", "num_heads": 2, "key_dim": 1, )"
      R"("value_dim": 1, "use_bias": false}, "name": "mha", "inbound_nodes": [["x", 0, 0, )"
      R"({"value": ["x", 0, 0]}]]}], "input_layers": [["x", 0, 0]], "output_layers": )"
      R"([["mha", 0, 0]]}})",
      {{"mha/query/kernel:0", {2, 2, 1}, {0, 0, 0, 0}},
       {"mha/key/kernel:0", {2, 2, 1}, {1, 2, 3, 4}},
       {"mha/value/kernel:0", {2, 2, 1}, {1, 0, 0, 1}},
       {"mha/attention_output/kernel:0", {2, 1, 2}, {1, 0, 0, 1}}});
  std::string split = "SHAPE STRIDED_SLICE CONCATENATION RESHAPE ";
  EXPECT_EQ(operators_of(saved),
            cat("FULLY_CONNECTED FULLY_CONNECTED FULLY_CONNECTED ", split, split, split,
                "TRANSPOSE TRANSPOSE BATCH_MATMUL SOFTMAX TRANSPOSE BATCH_MATMUL TRANSPOSE ",
                "SQUEEZE FULLY_CONNECTED"));
  EXPECT_EQ(shown(result_of(saved, {numbers({1, 2, 2}, {1, 2, 3, 4})})), "2 3 2 3");
}

}  // namespace
}  // namespace wherry::keras
