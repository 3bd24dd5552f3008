// Fills, imports and runs a LayerCase.
#include "keras/layers/layer_case_test.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "keras/reader/load_weights.h"
#include "ops/evaluate.h"

namespace wherry::keras {
namespace {

/// Weights in the form of an .h5 file: groups by layer, names below.
WeightTree tree_of(const std::vector<CaseTensor>& weights) {
  WeightTree tree;
  tree.named = true;
  int count = 0;
  for (const CaseTensor& weight : weights) {
    std::vector<float> elements = pattern(weight.shape, count++);
    bool is_variance = weight.path.find("variance") != std::string::npos;
    for (float& element : elements) element = is_variance ? std::fabs(element) + 0.5f : element;
    std::string layer = weight.path.substr(0, weight.path.find('/'));
    if (tree.root.groups.empty() || tree.root.groups.back().key != layer) {
      tree.root.groups.emplace_back();
      tree.root.groups.back().key = tree.root.groups.back().name = layer;
    }
    Weight stored;
    stored.path = weight.path;
    stored.shape = weight.shape;
    stored.data = Constant::of(std::move(elements));
    tree.root.groups.back().weights.push_back(std::move(stored));
  }
  finish_tree(tree);
  return tree;
}

SavedModel saved_model(const LayerCase& layer_case) {
  SavedModel saved;
  saved.dialect = layer_case.dialect;
  saved.config = std::make_shared<nlohmann::json>(nlohmann::json::parse(layer_case.config));
  saved.weights = WeightScope(std::make_shared<const WeightTree>(tree_of(layer_case.weights)));
  return saved;
}

/// Integers are 0 to 3, truths are mostly true.
Tensor filled(const CaseTensor& input, int count) {
  std::vector<float> elements = pattern(input.shape, count);
  Tensor tensor = Tensor::zeros({.dtype = input.dtype, .shape = input.shape}).value();
  for_type<float, int64_t, int32_t, bool>(input.dtype, [&]<class T>() {
    for (size_t i = 0; i < elements.size(); ++i) {
      int steps = static_cast<int>(elements[i] * 8) + 8;
      T& element = tensor.view().as<T>()[i];
      if constexpr (std::is_same_v<T, float>)
        element = elements[i];
      else
        element = static_cast<T>(std::is_same_v<T, bool> ? steps > 5 : steps % 4);
    }
  });
  return tensor;
}

void expect_near(const Tensor& found, const std::string& expected) {
  std::istringstream words(expected);
  std::vector<float> wanted;
  for (float number = 0; words >> number;) wanted.push_back(number);
  ASSERT_EQ(found.type.dtype, DType::f32);
  std::span<const float> elements = found.view().span<float>();
  ASSERT_EQ(elements.size(), wanted.size()) << text_of(found.type.shape);
  for (size_t i = 0; i < wanted.size(); ++i)
    ASSERT_NEAR(elements[i], wanted[i], 2e-4 + 2e-4 * std::fabs(wanted[i])) << "element " << i;
}

}  // namespace

std::string one_layer(const std::string& shape, const std::string& layer) {
  return cat(R"({"class_name": "Sequential", "config": {"name": "m", "layers": [)",
             R"({"class_name": "InputLayer", "config": {"name": "x", "dtype": "float32", )",
             R"("batch_shape": )", shape, "}}, ", layer, "]}}");
}

std::string keras_tensor(const std::string& layer) {
  return cat(R"({"class_name": "__keras_tensor__", "config": {"keras_history": [")", layer,
             R"(", 0, 0]}})");
}

std::string functional(Dialect dialect, const std::string& shape,
                       const std::vector<CaseLayer>& layers) {
  const bool is_keras3 = dialect == Dialect::keras3;
  std::string list =
      cat(R"({"class_name": "InputLayer", "name": "x", "inbound_nodes": [], "config": {"name": )",
          R"("x", "dtype": "int32", ")", is_keras3 ? "batch_shape" : "batch_input_shape",
          "\": ", shape, "}}");
  for (const CaseLayer& layer : layers) {
    const std::string node =
        is_keras3
            ? cat(R"({"args": [)", keras_tensor(layer.from), R"(], "kwargs": {)", layer.call, "}}")
            : cat(R"([[")", layer.from, R"(", 0, 0, {)", layer.call, "}]]");
    list += cat(R"(, {"class_name": ")", layer.class_name, R"(", "name": ")", layer.name,
                R"(", "config": {"name": ")", layer.name, "\"", layer.config,
                R"(}, "inbound_nodes": [)", node, "]}");
  }
  return cat(R"({"class_name": "Functional", "config": {"name": "m", "layers": [)", list,
             R"(], "input_layers": [["x", 0, 0]], "output_layers": [[")", layers.back().name,
             R"(", 0, 0]]}})");
}

std::vector<float> pattern(const Shape& shape, int count) {
  std::vector<float> elements;
  for (int64_t i = 0; i < shape.elements(); ++i)
    elements.push_back(static_cast<float>((i * i * 5 + i * 37 + count * 11) % 17 - 8) / 8);
  return elements;
}

void expect_results(const LayerCase& layer_case) {
  SavedModel saved = saved_model(layer_case);
  auto imported = import_model(saved);
  ASSERT_TRUE(imported) << imported.error().text();
  std::vector<Tensor> inputs;
  for (const CaseTensor& input : layer_case.inputs)
    inputs.push_back(filled(input, 100 + static_cast<int>(inputs.size())));
  std::vector<TensorView> views;
  for (const Tensor& input : inputs) views.push_back(input.view());
  auto results = Evaluator(imported->model).run(views);
  ASSERT_TRUE(results) << results.error().text();
  ASSERT_EQ(results->size(), layer_case.results.size());
  for (size_t i = 0; i < results->size(); ++i) expect_near((*results)[i], layer_case.results[i]);
}

}  // namespace wherry::keras
