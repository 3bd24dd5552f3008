// Shared by the folding passes.
#include "passes/linear.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

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

/// `bytes` may stand at any alignment.
void multiply_floats(std::span<std::byte> bytes, float factor) {
  for (size_t i = 0; i < bytes.size(); i += 4) {
    float element;
    std::memcpy(&element, bytes.data() + i, 4);
    element *= factor;
    std::memcpy(bytes.data() + i, &element, 4);
  }
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
  std::vector<float> result(value.constant.size() / 4);
  value.constant.read(0, std::as_writable_bytes(std::span(result)));
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

Constant scaled(const PassContext& context, const Value& weights, const Scaling& scaling) {
  const Shape& shape = weights.type.shape;
  size_t run = static_cast<size_t>(shape.product(scaling.axis + 1, shape.rank()) * scaling.repeat);
  auto fill = [from = weights.constant, factors = scaling.factors, run](size_t first,
                                                                        std::span<std::byte> part) {
    from.read(first, part);
    // Runs of one channel, the first and the last perhaps cut.
    for (size_t done = 0; done < part.size();) {
      size_t at = (first + done) / 4, length = std::min((part.size() - done) / 4, run - at % run);
      multiply_floats(part.subspan(done, 4 * length), factors[at / run % factors.size()]);
      done += 4 * length;
    }
  };
  float growth = 0;
  for (float factor : scaling.factors) growth = std::max(growth, std::abs(factor));
  std::string method = cat("scaled in runs of ", run, " by ", bytes_as_text(scaling.factors));
  return context.workshop().defer({.method = std::move(method),
                                   .size = weights.constant.size(),
                                   .granule = std::lcm(weights.constant.granule(), size_t{4}),
                                   .fill = std::move(fill),
                                   .sources = {weights.constant},
                                   .growth = growth});
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
