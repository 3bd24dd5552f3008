// Shared by the folding passes.
#include "passes/linear.h"

#include <algorithm>
#include <cstring>

#include "ops/activation/relu.h"
#include "ops/convolution/conv_2d.h"
#include "ops/convolution/depthwise_conv_2d.h"
#include "ops/convolution/transpose_conv.h"
#include "ops/linear/fully_connected.h"

namespace wherry::passes {
namespace {

constexpr LinearOp rows[] = {{&op::conv_2d, 0, 1, 2, 0, 3},
                             {&op::depthwise_conv_2d, 0, 1, 2, 3, 3},
                             {&op::fully_connected, 0, 1, 2, 0, 1},
                             {&op::transpose_conv, 2, 1, 3, 0, 3}};

const Field* activation_field(const Attributes& attributes) {
  for (const Field& field : attributes.type()->fields) {
    if (field.name == "fused_activation_function") return &field;
  }
  return nullptr;
}

ValueId input_at(const Node& node, int i) {
  return static_cast<size_t>(i) < node.inputs.size() ? node.inputs[static_cast<size_t>(i)]
                                                     : no_value;
}

}  // namespace

const LinearOp* linear_of(const PassContext& context, const Node& node) {
  for (const LinearOp& row : rows) {
    if (row.op != node.op) continue;
    ValueId weights = input_at(node, row.weights);
    if (!context.is_constant(weights) || context.type(weights).dtype != DType::f32 ||
        context.graph().value(weights).sparsity)
      return nullptr;
    return &row;
  }
  return nullptr;
}

const Node* sole_linear_producer(const PassContext& context, ValueId id) {
  if (id == no_value || context.is_constant(id) || !context.sole_consumer(id)) return nullptr;
  const Node* node = context.producer(id);
  if (!node || !linear_of(context, *node) || activation_of(node->attributes) != Activation::none)
    return nullptr;
  return node;
}

int64_t output_channels(const PassContext& context, const Node& node, const LinearOp& linear) {
  return context.type(input_at(node, linear.weights)).shape[linear.output_axis];
}

std::optional<std::vector<float>> bias_of(const PassContext& context, const Node& node,
                                          const LinearOp& linear) {
  ValueId bias = input_at(node, linear.bias);
  if (bias == no_value)
    return std::vector<float>(static_cast<size_t>(output_channels(context, node, linear)), 0.0f);
  if (!context.is_constant(bias) || context.type(bias).dtype != DType::f32) return std::nullopt;
  return floats_of(context.graph().value(bias));
}

std::vector<float> floats_of(const Value& value) {
  std::vector<float> result(value.constant.bytes().size() / 4);
  if (!result.empty()) std::memcpy(result.data(), value.constant.bytes().data(), result.size() * 4);
  return result;
}

std::optional<std::vector<float>> per_channel(const PassContext& context, ValueId id,
                                              int64_t channels, int max_rank) {
  if (!context.is_constant(id) || context.type(id).dtype != DType::f32) return std::nullopt;
  const Shape& shape = context.type(id).shape;
  int64_t count = shape.elements();
  bool in_last_axis =
      count == 1 || (count == channels && shape.rank() > 0 && shape.back() == channels);
  if (!in_last_axis || shape.rank() > max_rank) return std::nullopt;
  std::vector<float> values = floats_of(context.graph().value(id));
  if (count == 1) values.resize(static_cast<size_t>(channels), values[0]);
  return values;
}

Constant scaled(const Value& weights, int axis, const std::vector<float>& factors, int64_t repeat) {
  std::vector<float> values = floats_of(weights);
  const Shape& shape = weights.type.shape;
  size_t run = static_cast<size_t>(shape.product(axis + 1, shape.rank()) * repeat);
  for (size_t first = 0; first < values.size(); first += run * factors.size()) {
    for (size_t channel = 0; channel < factors.size(); ++channel) {
      float* of_channel = values.data() + first + channel * run;
      for (size_t i = 0; i < run; ++i) of_channel[i] *= factors[channel];
    }
  }
  return Constant::of(std::move(values));
}

ValueId emit_linear(Patch& patch, const PassContext& context, const Node& node,
                    const LinearOp& linear, ValueId data, Constant weights, std::vector<float> bias,
                    Attributes attributes, const TensorType& type) {
  std::vector<ValueId> inputs = node.inputs;
  inputs.resize(static_cast<size_t>(std::max(linear.bias + 1, static_cast<int>(inputs.size()))),
                no_value);
  inputs[static_cast<size_t>(linear.data)] = data;
  const Value& old = context.graph().value(input_at(node, linear.weights));
  if (weights)
    inputs[static_cast<size_t>(linear.weights)] =
        patch.constant(old.name, old.type, std::move(weights));
  ValueId old_bias = input_at(node, linear.bias);
  std::string name =
      old_bias == no_value ? cat(old.name, "_bias") : context.graph().value(old_bias).name;
  int64_t count = static_cast<int64_t>(bias.size());
  inputs[static_cast<size_t>(linear.bias)] =
      patch.constant(std::move(name), {DType::f32, {count}, {}, {}}, Constant::of(std::move(bias)));
  return patch.emit_as(node, std::move(attributes), std::move(inputs), type);
}

Activation activation_of(const Attributes& attributes) {
  const Field* field = activation_field(attributes);
  return field ? field->in<Activation>(attributes.data()) : Activation::none;
}

bool has_activation_option(const Attributes& attributes) {
  return activation_field(attributes) != nullptr;
}

Attributes with_activation(const Attributes& attributes, Activation activation) {
  std::shared_ptr<void> data = attributes.type()->copy(attributes.data());
  activation_field(attributes)->in<Activation>(data.get()) = activation;
  return Attributes(*attributes.type(), std::move(data));
}

std::optional<Patch> with_clamp(const PassContext& context, const Node& maker, const Node& clamp) {
  bool floats = context.type(clamp.inputs[0]).dtype == DType::f32;
  if (!floats || activation_of(maker.attributes) != Activation::none) return std::nullopt;
  Activation activation = clamp.op == &op::relu    ? Activation::relu
                          : clamp.op == &op::relu6 ? Activation::relu6
                                                   : Activation::relu_n1_to_1;
  Patch patch = context.patch();
  patch.replace(clamp.outputs[0],
                patch.emit_as(maker, with_activation(maker.attributes, activation), maker.inputs,
                              context.type(clamp.outputs[0])));
  return patch;
}

}  // namespace wherry::passes
