// Folds a following multiplication by constants into weights and bias.
//   before:  c = CONV_2D(x, w, b)    y = MUL(c, s)
//   after:   y = CONV_2D(x, w * s, b * s)
#include "ops/arithmetic/mul.h"
#include "passes/linear.h"
#include "passes/pipelines.h"

namespace wherry::passes {
namespace {

std::optional<Patch> fold_side(const PassContext& context, const Node& root, size_t side) {
  const Node* maker = sole_linear_producer(context, root.inputs[side]);
  if (!maker) return std::nullopt;
  const LinearOp& linear = *linear_of(context, *maker);
  int64_t channels = output_channels(context, *maker, linear);
  auto factors = per_channel(context, root.inputs[1 - side], channels,
                             context.type(root.inputs[side]).shape.rank());
  auto bias = bias_of(context, *maker, linear);
  if (!factors || !bias) return std::nullopt;
  Activation activation = activation_of(root.attributes);
  if (activation != Activation::none && !has_activation_option(maker->attributes))
    return std::nullopt;
  for (size_t i = 0; i < bias->size(); ++i) (*bias)[i] *= (*factors)[i];
  Constant weights =
      scaled(context, context.graph().value(maker->inputs[static_cast<size_t>(linear.weights)]),
             {linear.output_axis, *factors});
  Patch patch = context.patch();
  ValueId y =
      emit_linear(patch, context, *maker, linear, maker->inputs[static_cast<size_t>(linear.data)],
                  std::move(weights), std::move(*bias),
                  with_activation(maker->attributes, activation), context.type(root.outputs[0]));
  patch.replace(root.outputs[0], y);
  return patch;
}

std::optional<Patch> fold(const PassContext& context, const Node& root) {
  auto patch = fold_side(context, root, 0);
  return patch ? std::move(patch) : fold_side(context, root, 1);
}

}  // namespace

constinit const Pass fold_multiply_after = {
    .name = "fold-multiply-after",
    .roots = {&op::mul},
    .rewrite = fold,
    .doc = "folds a following multiplication by constants into weights and bias"};

}  // namespace wherry::passes
