// Tests of products of two tensors, with numbers that Keras 2.15 and 3.15 computed.
#include <gtest/gtest.h>

#include "keras/layers/layer_case_test.h"

namespace wherry::keras {
namespace {

TEST(Dot, SumsOverTheGivenAxes) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 2, 3], "dtype": )"
           R"("float32", "name": "a"}, "name": "a", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_shape": [null, 3, 2], "dtype": "float32", "name": )"
           R"("b"}, "name": "b", "inbound_nodes": []}, {"class_name": "Dot", "config": {"name": )"
           R"("dot", "trainable": true, "dtype": "float32", "axes": [2, 1], "normalize": false}, )"
           R"("name": "dot", "inbound_nodes": [{"args": [[{"class_name": "__keras_tensor__", )"
           R"("config": {"keras_history": ["a", 0, 0]}}, {"class_name": "__keras_tensor__", )"
           R"("config": {"keras_history": ["b", 0, 0]}}]], "kwargs": {}}]}], "input_layers": )"
           R"([["a", 0, 0], ["b", 0, 0]], "output_layers": ["dot", 0, 0]}})",
       .inputs = {{"a", {1, 2, 3}}, {"b", {1, 3, 2}}},
       .results = {"-0.98438 0.17188 -0.25 0.8125"}});
}

TEST(Dot, OfVectorsIsOneNumber) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 3], "dtype": )"
           R"("float32", "name": "a"}, "name": "a", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_shape": [null, 3], "dtype": "float32", "name": "b"}, )"
           R"("name": "b", "inbound_nodes": []}, {"class_name": "Dot", "config": {"name": "dot", )"
           R"("trainable": true, "dtype": "float32", "axes": 1, "normalize": true}, "name": "dot", )"
           R"("inbound_nodes": [{"args": [[{"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["a", 0, 0]}}, {"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["b", 0, 0]}}]], "kwargs": {}}]}], "input_layers": [["a", 0, 0], )"
           R"(["b", 0, 0]], "output_layers": ["dot", 0, 0]}})",
       .inputs = {{"a", {1, 3}}, {"b", {1, 3}}},
       .results = {"-0.92664"}});
}

TEST(Dot, KeepsAllOtherAxes) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 2, 1, 2], "dtype": )"
           R"("float32", "name": "a"}, "name": "a", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_shape": [null, 2, 2], "dtype": "float32", "name": )"
           R"("b"}, "name": "b", "inbound_nodes": []}, {"class_name": "Dot", "config": {"name": )"
           R"("dot", "trainable": true, "dtype": "float32", "axes": [3, 2], "normalize": false}, )"
           R"("name": "dot", "inbound_nodes": [{"args": [[{"class_name": "__keras_tensor__", )"
           R"("config": {"keras_history": ["a", 0, 0]}}, {"class_name": "__keras_tensor__", )"
           R"("config": {"keras_history": ["b", 0, 0]}}]], "kwargs": {}}]}], "input_layers": )"
           R"([["a", 0, 0], ["b", 0, 0]], "output_layers": ["dot", 0, 0]}})",
       .inputs = {{"a", {1, 2, 1, 2}}, {"b", {1, 2, 2}}},
       .results = {"-0.59375 0.35938 0.78125 -0.32812"}});
}

TEST(Dot, NormalisesAlongTheSummedAxis) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 3, 2], "dtype": )"
           R"("float32", "name": "a"}, "name": "a", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_shape": [null, 3, 2], "dtype": "float32", "name": )"
           R"("b"}, "name": "b", "inbound_nodes": []}, {"class_name": "Dot", "config": {"name": )"
           R"("dot", "trainable": true, "dtype": "float32", "axes": [1, 1], "normalize": true}, )"
           R"("name": "dot", "inbound_nodes": [{"args": [[{"class_name": "__keras_tensor__", )"
           R"("config": {"keras_history": ["a", 0, 0]}}, {"class_name": "__keras_tensor__", )"
           R"("config": {"keras_history": ["b", 0, 0]}}]], "kwargs": {}}]}], "input_layers": )"
           R"([["a", 0, 0], ["b", 0, 0]], "output_layers": ["dot", 0, 0]}})",
       .inputs = {{"a", {1, 3, 2}}, {"b", {1, 3, 2}}},
       .results = {"-0.90624 0.15151 0.95422 -0.093061"}});
}

TEST(Dot, TakesAVectorAndAMatrix) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 3], "dtype": )"
           R"("float32", "name": "a"}, "name": "a", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_shape": [null, 2, 3], "dtype": "float32", "name": )"
           R"("b"}, "name": "b", "inbound_nodes": []}, {"class_name": "Dot", "config": {"name": )"
           R"("dot", "trainable": true, "dtype": "float32", "axes": [1, 2], "normalize": false}, )"
           R"("name": "dot", "inbound_nodes": [{"args": [[{"class_name": "__keras_tensor__", )"
           R"("config": {"keras_history": ["a", 0, 0]}}, {"class_name": "__keras_tensor__", )"
           R"("config": {"keras_history": ["b", 0, 0]}}]], "kwargs": {}}]}], "input_layers": )"
           R"([["a", 0, 0], ["b", 0, 0]], "output_layers": ["dot", 0, 0]}})",
       .inputs = {{"a", {1, 3}}, {"b", {1, 2, 3}}},
       .results = {"-1.0312 -0.45312"}});
}

TEST(Dot, OfKeras2CountsAxesFromTheEnd) {
  expect_results(
      {.dialect = Dialect::keras2,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_input_shape": [null, 2, 3], "dtype": )"
           R"("float32", "name": "a"}, "name": "a", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_input_shape": [null, 2, 3], "dtype": "float32", )"
           R"("name": "b"}, "name": "b", "inbound_nodes": []}, {"class_name": "Dot", "config": )"
           R"({"name": "dot", "trainable": true, "dtype": "float32", "axes": -1, "normalize": )"
           R"(false}, "name": "dot", "inbound_nodes": [[["a", 0, 0, {}], ["b", 0, 0, {}]]]}], )"
           R"("input_layers": [["a", 0, 0], ["b", 0, 0]], "output_layers": [["dot", 0, 0]]}})",
       .inputs = {{"a", {1, 2, 3}}, {"b", {1, 2, 3}}},
       .results = {"-1.0312 -0.45312 0.09375 -0.10938"}});
}

}  // namespace
}  // namespace wherry::keras
