// Tests of attention without projections, with numbers that Keras 2.15 and 3.15 computed.
#include <gtest/gtest.h>

#include "keras/layers/layer_case_test.h"

namespace wherry::keras {
namespace {

TEST(Attention, MixesValuesByTheirFit) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 2, 3], "dtype": )"
           R"("float32", "name": "a"}, "name": "a", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_shape": [null, 4, 3], "dtype": "float32", "name": )"
           R"("b"}, "name": "b", "inbound_nodes": []}, {"class_name": "Attention", "config": )"
           R"({"name": "attention", "trainable": true, "dtype": "float32", "use_scale": false, )"
           R"("score_mode": "dot", "dropout": 0.0}, "name": "attention", "inbound_nodes": )"
           R"([{"args": [[{"class_name": "__keras_tensor__", "config": {"keras_history": ["a", 0, )"
           R"(0]}}, {"class_name": "__keras_tensor__", "config": {"keras_history": ["b", 0, )"
           R"(0]}}]], "kwargs": {}}]}], "input_layers": [["a", 0, 0], ["b", 0, 0]], )"
           R"("output_layers": ["attention", 0, 0]}})",
       .inputs = {{"a", {1, 2, 3}}, {"b", {1, 4, 3}}},
       .results = {"-0.17789 -0.083067 0.51099 0.15403 0.10469 0.69121"}});
}

TEST(Attention, TakesKeysOfTheirOwnAndReturnsScores) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 2, 3], "dtype": )"
           R"("float32", "name": "a"}, "name": "a", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_shape": [null, 4, 2], "dtype": "float32", "name": )"
           R"("b"}, "name": "b", "inbound_nodes": []}, {"class_name": "InputLayer", "config": )"
           R"({"batch_shape": [null, 4, 3], "dtype": "float32", "name": "c"}, "name": "c", )"
           R"("inbound_nodes": []}, {"class_name": "Attention", "config": {"name": "attention", )"
           R"("trainable": true, "dtype": "float32", "use_scale": true, "score_mode": "dot", )"
           R"("dropout": 0.0}, "name": "attention", "inbound_nodes": [{"args": [[{"class_name": )"
           R"("__keras_tensor__", "config": {"keras_history": ["a", 0, 0]}}, {"class_name": )"
           R"("__keras_tensor__", "config": {"keras_history": ["b", 0, 0]}}, {"class_name": )"
           R"("__keras_tensor__", "config": {"keras_history": ["c", 0, 0]}}]], "kwargs": )"
           R"({"return_attention_scores": true}}]}], "input_layers": [["a", 0, 0], ["b", 0, 0], )"
           R"(["c", 0, 0]], "output_layers": [["attention", 0, 0], ["attention", 0, 1]]}})",
       .weights = {{"attention/scale", {}}},
       .inputs = {{"a", {1, 2, 3}}, {"b", {1, 4, 2}}, {"c", {1, 4, 3}}},
       .results = {"0.038417 0.20282 0.30543 0.24481",
                   "0.40603 0.22776 0.18882 0.17738 0.30681 0.37591 0.228 0.089286"}});
}

TEST(Attention, ConcatenatesQueriesAndKeys) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 2, 3], "dtype": )"
           R"("float32", "name": "a"}, "name": "a", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_shape": [null, 4, 3], "dtype": "float32", "name": )"
           R"("b"}, "name": "b", "inbound_nodes": []}, {"class_name": "Attention", "config": )"
           R"({"name": "attention", "trainable": true, "dtype": "float32", "use_scale": true, )"
           R"("score_mode": "concat", "dropout": 0.0}, "name": "attention", "inbound_nodes": )"
           R"([{"args": [[{"class_name": "__keras_tensor__", "config": {"keras_history": ["a", 0, )"
           R"(0]}}, {"class_name": "__keras_tensor__", "config": {"keras_history": ["b", 0, )"
           R"(0]}}]], "kwargs": {}}]}], "input_layers": [["a", 0, 0], ["b", 0, 0]], )"
           R"("output_layers": ["attention", 0, 0]}})",
       .weights = {{"attention/scale", {}}, {"attention/concat_score_weight", {}}},
       .inputs = {{"a", {1, 2, 3}}, {"b", {1, 4, 3}}},
       .results = {"-0.33862 -0.14567 0.4741 -0.27199 -0.079015 0.51001"}});
}

TEST(Attention, LooksOnlyBack) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 3, 2], "dtype": )"
           R"("float32", "name": "a"}, "name": "a", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_shape": [null, 3, 2], "dtype": "float32", "name": )"
           R"("b"}, "name": "b", "inbound_nodes": []}, {"class_name": "Attention", "config": )"
           R"({"name": "attention", "trainable": true, "dtype": "float32", "use_scale": false, )"
           R"("score_mode": "dot", "dropout": 0.0}, "name": "attention", "inbound_nodes": )"
           R"([{"args": [[{"class_name": "__keras_tensor__", "config": {"keras_history": ["a", 0, )"
           R"(0]}}, {"class_name": "__keras_tensor__", "config": {"keras_history": ["b", 0, )"
           R"(0]}}]], "kwargs": {"use_causal_mask": true}}]}], "input_layers": [["a", 0, 0], ["b", )"
           R"(0, 0]], "output_layers": ["attention", 0, 0]}})",
       .inputs = {{"a", {1, 3, 2}}, {"b", {1, 3, 2}}},
       .results = {"-0.25 0.75 0.028986 0.59501 0.095866 0.55502"}});
}

TEST(Attention, LeavesOutMaskedQueriesAndValues) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 2, 3], "dtype": )"
           R"("float32", "name": "a"}, "name": "a", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_shape": [null, 4, 3], "dtype": "float32", "name": )"
           R"("b"}, "name": "b", "inbound_nodes": []}, {"class_name": "InputLayer", "config": )"
           R"({"batch_shape": [null, 2], "dtype": "bool", "name": "m"}, "name": "m", )"
           R"("inbound_nodes": []}, {"class_name": "InputLayer", "config": {"batch_shape": [null, )"
           R"(4], "dtype": "bool", "name": "k"}, "name": "k", "inbound_nodes": []}, {"class_name": )"
           R"("Attention", "config": {"name": "attention", "trainable": true, "dtype": "float32", )"
           R"("use_scale": false, "score_mode": "dot", "dropout": 0.0}, "name": "attention", )"
           R"("inbound_nodes": [{"args": [[{"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["a", 0, 0]}}, {"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["b", 0, 0]}}]], "kwargs": {"mask": [{"class_name": )"
           R"("__keras_tensor__", "config": {"keras_history": ["m", 0, 0]}}, {"class_name": )"
           R"("__keras_tensor__", "config": {"keras_history": ["k", 0, 0]}}]}}]}], "input_layers": )"
           R"([["a", 0, 0], ["b", 0, 0], ["m", 0, 0], ["k", 0, 0]], "output_layers": ["attention", )"
           R"(0, 0]}})",
       .inputs = {{"a", {1, 2, 3}},
                  {"b", {1, 4, 3}},
                  {"m", {1, 2}, DType::boolean},
                  {"k", {1, 4}, DType::boolean}},
       .results = {"0 0 0 0.42776 0.26589 0.875"}});
}

TEST(AdditiveAttention, WeighsSumsOfQueriesAndKeys) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 2, 3], "dtype": )"
           R"("float32", "name": "a"}, "name": "a", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_shape": [null, 4, 3], "dtype": "float32", "name": )"
           R"("b"}, "name": "b", "inbound_nodes": []}, {"class_name": "AdditiveAttention", )"
           R"("config": {"name": "additive_attention", "trainable": true, "dtype": "float32", )"
           R"("use_scale": true, "dropout": 0.0}, "name": "additive_attention", "inbound_nodes": )"
           R"([{"args": [[{"class_name": "__keras_tensor__", "config": {"keras_history": ["a", 0, )"
           R"(0]}}, {"class_name": "__keras_tensor__", "config": {"keras_history": ["b", 0, )"
           R"(0]}}]], "kwargs": {}}]}], "input_layers": [["a", 0, 0], ["b", 0, 0]], )"
           R"("output_layers": ["additive_attention", 0, 0]}})",
       .weights = {{"additive_attention/scale", {3}}},
       .inputs = {{"a", {1, 2, 3}}, {"b", {1, 4, 3}}},
       .results = {"-0.40927 -0.1536 0.48741 -0.37179 -0.13619 0.48923"}});
}

TEST(AdditiveAttention, GoesWithoutScale) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 2, 3], "dtype": )"
           R"("float32", "name": "a"}, "name": "a", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_shape": [null, 4, 3], "dtype": "float32", "name": )"
           R"("b"}, "name": "b", "inbound_nodes": []}, {"class_name": "AdditiveAttention", )"
           R"("config": {"name": "additive_attention", "trainable": true, "dtype": "float32", )"
           R"("use_scale": false, "dropout": 0.0}, "name": "additive_attention", "inbound_nodes": )"
           R"([{"args": [[{"class_name": "__keras_tensor__", "config": {"keras_history": ["a", 0, )"
           R"(0]}}, {"class_name": "__keras_tensor__", "config": {"keras_history": ["b", 0, )"
           R"(0]}}]], "kwargs": {}}]}], "input_layers": [["a", 0, 0], ["b", 0, 0]], )"
           R"("output_layers": ["additive_attention", 0, 0]}})",
       .inputs = {{"a", {1, 2, 3}}, {"b", {1, 4, 3}}},
       .results = {"0.12788 0.4355 0.70271 0.068608 0.43247 0.63196"}});
}

TEST(Attention, OfKeras2FindsTheMasksOfItsInputs) {
  expect_results(
      {.dialect = Dialect::keras2,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_input_shape": [null, 2], "dtype": )"
           R"("int32", "name": "p"}, "name": "p", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_input_shape": [null, 3], "dtype": "int32", "name": )"
           R"("r"}, "name": "r", "inbound_nodes": []}, {"class_name": "Embedding", "config": )"
           R"({"name": "embedding", "trainable": true, "dtype": "float32", "batch_input_shape": )"
           R"([null, null], "input_dim": 4, "output_dim": 2, "mask_zero": true}, "name": )"
           R"("embedding", "inbound_nodes": [[["p", 0, 0, {}]]]}, {"class_name": "Embedding", )"
           R"("config": {"name": "embedding_1", "trainable": true, "dtype": "float32", )"
           R"("batch_input_shape": [null, null], "input_dim": 4, "output_dim": 2, "mask_zero": )"
           R"(true}, "name": "embedding_1", "inbound_nodes": [[["r", 0, 0, {}]]]}, {"class_name": )"
           R"("Attention", "config": {"name": "attention", "trainable": true, "dtype": "float32", )"
           R"("dropout": 0.0, "use_scale": false, "score_mode": "dot"}, "name": "attention", )"
           R"("inbound_nodes": [[["embedding", 0, 0, {}], ["embedding_1", 0, 0, {}]]]}], )"
           R"("input_layers": [["p", 0, 0], ["r", 0, 0]], "output_layers": [["attention", 0, 0]]}})",
       .weights = {{"embedding/embeddings:0", {4, 2}}, {"embedding_1/embeddings:0", {4, 2}}},
       .inputs = {{"p", {1, 2}, DType::i32}, {"r", {1, 3}, DType::i32}},
       .results = {"0 0 -0.738 0.53249"}});
}

}  // namespace
}  // namespace wherry::keras
