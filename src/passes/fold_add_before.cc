// Folds an addition of constants to the input into the bias, where no padding brings in values it
// was not added to.
//   before:  a = ADD(x, c)    y = FULLY_CONNECTED(a, w, b)
//   after:   y = FULLY_CONNECTED(x, w, b + w c)
#include "ops/arithmetic/add.h"
#include "ops/arithmetic/sub.h"
#include "ops/convolution/conv_2d.h"
#include "ops/convolution/depthwise_conv_2d.h"
#include "ops/linear/fully_connected.h"
#include "passes/linear.h"
#include "passes/pipelines.h"

namespace wherry::passes {
namespace {

bool pads(const Node& node) {
  if (node.op == &op::conv_2d) return node.attributes.as<op::Conv2D>().padding != Padding::valid;
  if (node.op == &op::depthwise_conv_2d)
    return node.attributes.as<op::DepthwiseConv2D>().padding != Padding::valid;
  return false;
}

/// Adds to every output channel the weights times the addend of their input channel.
void add_products(const Value& weights, const LinearOp& linear, bool depthwise,
                  const std::vector<float>& addends, std::vector<float>& bias) {
  std::vector<float> w = floats_of(weights);
  std::vector<double> sums(bias.size(), 0.0);
  int64_t outer = weights.type.shape[linear.output_axis],
          per_output = weights.type.shape.elements() / outer;
  size_t channels = addends.size();
  for (size_t i = 0; i < w.size(); ++i) {
    size_t out = depthwise ? i % bias.size() : i / static_cast<size_t>(per_output);
    size_t in = depthwise ? out / (bias.size() / channels) : i % channels;
    sums[out] += static_cast<double>(w[i]) * addends[in];
  }
  for (size_t c = 0; c < bias.size(); ++c) bias[c] = static_cast<float>(bias[c] + sums[c]);
}

std::optional<Patch> fold(const PassContext& context, const Node& root) {
  const LinearOp* linear = linear_of(context, root);
  if (!linear || pads(root)) return std::nullopt;
  ValueId data = root.inputs[static_cast<size_t>(linear->data)];
  const Node* sum = context.sole_producer(data, op::add);
  if (!sum) sum = context.sole_producer(data, op::sub);
  auto bias = bias_of(context, root, *linear);
  if (!sum || !bias || activation_of(sum->attributes) != Activation::none) return std::nullopt;
  const Value& weights = context.graph().value(root.inputs[static_cast<size_t>(linear->weights)]);
  int64_t channels = context.type(data).shape.back(),
          extent = weights.type.shape[linear->input_axis];
  bool depthwise = root.op == &op::depthwise_conv_2d;
  if (depthwise ? extent % channels != 0 : extent != channels) return std::nullopt;
  bool minus = sum->op == &op::sub;
  for (size_t side = 0; side < (minus ? 1u : 2u); ++side) {
    auto addends =
        per_channel(context, sum->inputs[1 - side], channels, context.type(data).shape.rank());
    if (!addends || context.type(sum->inputs[side]).shape != context.type(data).shape) continue;
    for (float& addend : *addends) addend = minus ? -addend : addend;
    add_products(weights, *linear, depthwise, *addends, *bias);
    Patch patch = context.patch();
    ValueId y = emit_linear(patch, context, root, *linear, sum->inputs[side], {}, std::move(*bias),
                            root.attributes, context.type(root.outputs[0]));
    patch.replace(root.outputs[0], y);
    return patch;
  }
  return std::nullopt;
}

}  // namespace

constinit const Pass fold_add_before = {
    .name = "fold-add-before",
    .roots = {&op::conv_2d, &op::depthwise_conv_2d, &op::fully_connected},
    .rewrite = fold,
    .doc = "folds an addition of constants to the input into the bias"};

}  // namespace wherry::passes
