// The operator is linear: on the mean of its data, with the rounding errors as weights, it computes
// the mean error of its output.
#include "quantize/bias_correction.h"

#include <algorithm>

#include "passes/linear.h"
#include "runtime/session.h"

namespace wherry::quantize {
namespace {

using passes::floats_of;

/// What is stored minus what was meant.
std::vector<float> rounding_errors(const Value& exact, const Value& stored) {
  std::vector<float> errors = floats_of(exact);
  const Quantization& q = *stored.type.quantization;
  const auto* integers = reinterpret_cast<const int8_t*>(stored.constant.bytes().data());
  size_t channels = q.scales.size();
  auto inner = static_cast<size_t>(stored.type.shape.product(q.axis + 1, stored.type.shape.rank()));
  for (size_t i = 0; i < errors.size(); ++i)
    errors[i] = static_cast<float>(integers[i]) * q.scales[i / inner % channels] - errors[i];
  return errors;
}

Attributes without_activation(const Node& node) {
  const AttributesType& type = *node.attributes.type();
  for (const Field& field : type.fields) {
    if (field.name != "fused_activation_function") continue;
    std::shared_ptr<void> data = type.copy(node.attributes.data());
    field.in<Activation>(data.get()) = Activation::none;
    return Attributes(type, std::move(data));
  }
  return node.attributes;
}

/// Nothing but the node, with the errors as weights and no bias.
Model model_of_errors(const RoundedWeights& weights, const Shape& data) {
  const QuantizationFacts& facts = weights.node.op->quantization;
  Model model;
  Graph& graph = model.graphs.emplace_back();
  Node node{.op = weights.node.op, .attributes = without_activation(weights.node)};
  for (size_t i = 0; i < weights.node.inputs.size(); ++i) {
    auto input = static_cast<int>(i);
    ValueId id = weights.node.inputs[i];
    Value value;
    if (id == no_value || input == facts.bias) {
      node.inputs.push_back(no_value);
      continue;
    }
    if (input == facts.data)
      value = {.name = "data", .type = {DType::f32, data, {}, {}}};
    else if (input == facts.weights)
      value = {.name = "errors",
               .type = {DType::f32, weights.exact.type.shape, {}, {}},
               .constant = Constant::of(rounding_errors(weights.exact, weights.stored))};
    else
      value = weights.graph.value(id);
    node.inputs.push_back(graph.add(std::move(value)));
    if (input == facts.data) graph.inputs = {node.inputs.back()};
  }
  const TensorType& output = weights.graph.value(weights.node.outputs[0]).type;
  node.outputs =
      graph.outputs = {graph.add({.name = "shift", .type = {DType::f32, output.shape, {}, {}}})};
  graph.nodes.push_back(std::move(node));
  return model;
}

}  // namespace

bool has_own_bias(const Graph& graph, const std::vector<std::vector<NodeId>>& consumers,
                  const Node& node) {
  const QuantizationFacts& facts = node.op->quantization;
  if (facts.weights < 0 || facts.bias < 0) return false;
  for (int i = 0; i < static_cast<int>(node.inputs.size()); ++i) {
    ValueId id = node.inputs[static_cast<size_t>(i)];
    if (id == no_value || i == facts.data) continue;
    const Value& value = graph.value(id);
    if (!value.constant) return false;
    bool own = consumers[static_cast<size_t>(id)].size() == 1 && value.type.dtype == DType::f32;
    if (i == facts.weights && (!own || value.sparsity)) return false;
  }
  auto bias = static_cast<size_t>(facts.bias);
  return bias < node.inputs.size() && node.inputs[bias] != no_value;
}

std::vector<ValueId> corrected_inputs(const Graph& graph) {
  std::vector<std::vector<NodeId>> consumers = graph.consumers();
  std::vector<ValueId> result;
  for (const Node& node : graph.nodes) {
    if (has_own_bias(graph, consumers, node))
      result.push_back(node.inputs[static_cast<size_t>(node.op->quantization.data)]);
  }
  return result;
}

Expected<Value> corrected_bias(const Value& bias, const RoundedWeights& weights, const Mean& data) {
  Model model = model_of_errors(weights, data.shape);
  Session session(TRY(SharedModel::create(std::move(model))), {});
  Tensor mean = Tensor::of<float>(data.shape, data.elements);
  TensorView view = mean.view();
  std::vector<Tensor> outputs = TRY(session.run(std::span(&view, 1)));
  auto shifts = outputs[0].view().span<const float>();
  std::vector<float> corrected = floats_of(bias);
  size_t channels = corrected.size(), positions = shifts.size() / std::max<size_t>(channels, 1);
  for (size_t c = 0; c < channels; ++c) {
    double sum = 0;
    for (size_t p = 0; p < positions; ++p) sum += static_cast<double>(shifts[p * channels + c]);
    if (positions > 0) corrected[c] -= static_cast<float>(sum / static_cast<double>(positions));
  }
  Value result = bias;
  result.constant = Constant::of(std::move(corrected));
  return result;
}

}  // namespace wherry::quantize
