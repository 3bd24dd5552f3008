// Puts small saved models together, imports and runs them.
#include "keras/small_model_test.h"

#include <gtest/gtest.h>

#include <cmath>

#include <nlohmann/json.hpp>

#include "ir/op_def.h"
#include "keras/reader/load_weights.h"
#include "ops/evaluate.h"

namespace wherry::keras {
namespace {

WeightTree tree_of(const std::vector<SmallWeight>& weights) {
  WeightTree tree;
  tree.named = true;
  for (const SmallWeight& weight : weights) {
    std::string layer = weight.path.substr(0, weight.path.find('/'));
    if (tree.root.groups.empty() || tree.root.groups.back().key != layer) {
      tree.root.groups.emplace_back();
      tree.root.groups.back().key = tree.root.groups.back().name = layer;
    }
    Weight stored;
    stored.path = weight.path;
    stored.shape = weight.shape;
    stored.dtype = weight.dtype;
    stored.data = Constant::of(weight.numbers);
    for_type<int8_t, uint8_t>(weight.dtype, [&]<class T>() {
      stored.data = Constant::of(std::vector<T>(weight.numbers.begin(), weight.numbers.end()));
    });
    tree.root.groups.back().weights.push_back(std::move(stored));
  }
  finish_tree(tree);
  return tree;
}

}  // namespace

std::string layer_json(const std::string& class_name, const std::string& options) {
  return cat(R"({"class_name": ")", class_name, R"(", "config": {"name": ")", lower(class_name),
             R"(", "trainable": true, "dtype": "float32")", options.empty() ? "" : ", ", options,
             "}}");
}

std::string sequential(const std::string& shape, const std::string& layers) {
  return cat(R"({"class_name": "Sequential", "config": {"name": "small", "layers": [)",
             R"({"class_name": "InputLayer", "config": {"name": "x", "dtype": "float32", )",
             R"("batch_shape": )", shape, "}}, ", layers, "]}}");
}

SavedModel small_model(Dialect dialect, const std::string& config,
                       const std::vector<SmallWeight>& weights) {
  SavedModel saved;
  saved.dialect = dialect;
  saved.config = std::make_shared<nlohmann::json>(nlohmann::json::parse(config));
  WeightTree tree = tree_of(weights);
  saved.weight_count = tree.count;
  saved.weight_bytes = tree.bytes;
  saved.weights = WeightScope(std::make_shared<const WeightTree>(std::move(tree)));
  return saved;
}

Tensor numbers(const Shape& shape, const std::vector<float>& elements) {
  return Tensor::of<float>(shape, elements);
}

Tensor integers(const Shape& shape, const std::vector<int64_t>& elements, DType dtype) {
  Tensor tensor = Tensor::zeros({.dtype = dtype, .shape = shape}).value();
  for_type<int64_t, int32_t, uint8_t>(dtype, [&]<class T>() {
    for (size_t i = 0; i < elements.size(); ++i)
      tensor.view().as<T>()[i] = static_cast<T>(elements[i]);
  });
  return tensor;
}

Tensor strings(const Shape& shape, const std::vector<std::string>& elements) {
  std::vector<std::byte> bytes = string_bytes(elements);
  Tensor tensor = Tensor::sized({.dtype = DType::string, .shape = shape}, bytes.size()).value();
  std::copy(bytes.begin(), bytes.end(), tensor.buffer.data());
  return tensor;
}

std::vector<Tensor> results_of(const SavedModel& saved, std::initializer_list<Tensor> inputs,
                               const ImportOptions& options) {
  auto imported = import_model(saved, options);
  if (!imported) {
    ADD_FAILURE() << imported.error().text();
    return {};
  }
  std::vector<TensorView> views;
  for (const Tensor& input : inputs) views.push_back(input.view());
  auto results = Evaluator(imported->model).run(views);
  if (!results) ADD_FAILURE() << results.error().text();
  return results ? std::move(*results) : std::vector<Tensor>();
}

std::vector<float> elements_of(const Tensor& tensor) {
  std::vector<float> elements;
  bool known = for_type<float, int64_t, int32_t, uint8_t, bool>(tensor.type.dtype, [&]<class T>() {
    for (T element : tensor.view().span<T>()) elements.push_back(static_cast<float>(element));
  });
  EXPECT_TRUE(known) << cat("results of type ", tensor.type.dtype);
  return elements;
}

std::vector<float> result_of(const SavedModel& saved, std::initializer_list<Tensor> inputs) {
  std::vector<Tensor> results = results_of(saved, inputs);
  return results.empty() ? std::vector<float>() : elements_of(results[0]);
}

std::string shown(const std::vector<float>& elements) {
  std::string text;
  for (float element : elements) {
    char number[32];
    std::snprintf(number, sizeof number, "%.4g", std::fabs(element) < 1e-6f ? 0.0 : element);
    text += cat(text.empty() ? "" : " ", number);
  }
  return text;
}

std::string operators_of(const SavedModel& saved) {
  auto imported = import_model(saved, {});
  if (!imported) return imported.error().text();
  std::string names;
  for (const Node& node : imported->model.main().nodes)
    names += cat(names.empty() ? "" : " ", node.op->name);
  return names;
}

std::string refusal_of(const SavedModel& saved, const ImportOptions& options) {
  auto imported = import_model(saved, options);
  return imported ? "imported" : imported.error().text();
}

}  // namespace wherry::keras
