// Folds a following addition (or subtraction) of constants into the bias.
//   before:  c = FULLY_CONNECTED(x, w, b)    y = ADD(c, a)
//   after:   y = FULLY_CONNECTED(x, w, b + a)
#include "ops/arithmetic/add.h"
#include "ops/arithmetic/sub.h"
#include "passes/linear.h"
#include "passes/pipelines.h"

namespace wherry::passes {
namespace {

std::optional<Patch> fold_side(const PassContext& context, const Node& root, size_t side) {
  const Node* maker = sole_linear_producer(context, root.inputs[side]);
  if (!maker) return std::nullopt;
  const LinearOp& linear = *linear_of(context, *maker);
  int64_t channels = output_channels(context, *maker, linear);
  auto addends = per_channel(context, root.inputs[1 - side], channels,
                             context.type(root.inputs[side]).shape.rank());
  auto bias = bias_of(context, *maker, linear);
  if (!addends || !bias) return std::nullopt;
  float sign = root.op == &op::sub ? -1.0f : 1.0f;
  for (size_t i = 0; i < bias->size(); ++i) (*bias)[i] += sign * (*addends)[i];
  Patch patch = context.patch();
  ValueId y = emit_linear(patch, context, *maker, linear,
                          maker->inputs[static_cast<size_t>(linear.data)], {}, std::move(*bias),
                          with_activation(maker->attributes, activation_of(root.attributes)),
                          context.type(root.outputs[0]));
  patch.replace(root.outputs[0], y);
  return patch;
}

std::optional<Patch> fold(const PassContext& context, const Node& root) {
  auto patch = fold_side(context, root, 0);
  return patch || root.op == &op::sub ? std::move(patch) : fold_side(context, root, 1);
}

}  // namespace

constinit const Pass fold_add_after = {
    .name = "fold-add-after",
    .roots = {&op::add, &op::sub},
    .rewrite = fold,
    .doc = "folds a following addition of constants into the bias"};

}  // namespace wherry::passes
