// Folds a multiplication of the input by constants into the weights; zero padding stays zero, so
// any padding will do.
//   before:  a = MUL(x, s)    y = CONV_2D(a, w, b)
//   after:   y = CONV_2D(x, w * s, b)
#include "ops/arithmetic/mul.h"
#include "ops/convolution/conv_2d.h"
#include "ops/convolution/depthwise_conv_2d.h"
#include "ops/convolution/transpose_conv.h"
#include "ops/linear/fully_connected.h"
#include "passes/linear.h"
#include "passes/pipelines.h"

namespace wherry::passes {
namespace {

std::optional<Patch> fold(const PassContext& context, const Node& root) {
  const LinearOp* linear = linear_of(context, root);
  if (!linear) return std::nullopt;
  ValueId data = root.inputs[static_cast<size_t>(linear->data)];
  const Node* mul = context.sole_producer(data, op::mul);
  auto bias = bias_of(context, root, *linear);
  if (!mul || !bias || activation_of(mul->attributes) != Activation::none) return std::nullopt;
  const Value& weights = context.graph().value(root.inputs[static_cast<size_t>(linear->weights)]);
  int64_t channels = context.type(data).shape.back(),
          extent = weights.type.shape[linear->input_axis];
  bool depthwise = root.op == &op::depthwise_conv_2d;
  if (depthwise ? extent % channels != 0 : extent != channels) return std::nullopt;
  for (size_t side = 0; side < 2; ++side) {
    auto factors =
        per_channel(context, mul->inputs[1 - side], channels, context.type(data).shape.rank());
    if (!factors || context.type(mul->inputs[side]).shape != context.type(data).shape) continue;
    Patch patch = context.patch();
    Constant folded =
        scaled(context, weights, {linear->input_axis, *factors, depthwise ? extent / channels : 1});
    ValueId y = emit_linear(patch, context, root, *linear, mul->inputs[side], std::move(folded),
                            std::move(*bias), root.attributes, context.type(root.outputs[0]));
    patch.replace(root.outputs[0], y);
    return patch;
  }
  return std::nullopt;
}

}  // namespace

constinit const Pass fold_multiply_before = {
    .name = "fold-multiply-before",
    .roots = {&op::conv_2d, &op::depthwise_conv_2d, &op::fully_connected, &op::transpose_conv},
    .rewrite = fold,
    .doc = "folds a multiplication of the input by constants into the weights"};

}  // namespace wherry::passes
