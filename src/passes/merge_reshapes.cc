// Reshapes once instead of twice.
//   before:  a = RESHAPE(x, s)    y = RESHAPE(a, t)
//   after:   y = RESHAPE(x, t)
// An axis that was only just dropped is not added again.
//   before:  a = SQUEEZE(x) {squeeze_dims = [1]}    y = EXPAND_DIMS(a, 1)
//   after:   y = x
#include "ops/shape/expand_dims.h"
#include "ops/shape/reshape.h"
#include "ops/shape/squeeze.h"
#include "passes/integers.h"
#include "passes/pipelines.h"

namespace wherry::passes {
namespace {

std::optional<Patch> cancel(const PassContext& context, const Node& root, const Node& first) {
  auto axis = integers_of(context, root.inputs[1]);
  if (first.op != &op::squeeze || !axis || axis->size() != 1) return std::nullopt;
  const std::vector<int32_t>& dropped = first.attributes.as<op::Squeeze>().squeeze_dims;
  if (dropped.size() != 1 || dropped[0] != (*axis)[0] || dropped[0] < 0) return std::nullopt;
  Patch patch = context.patch();
  patch.replace(root.outputs[0], first.inputs[0]);
  return patch;
}

std::optional<Patch> merge(const PassContext& context, const Node& root) {
  const Node* first = context.producer(root.inputs[0]);
  if (first && root.op == &op::expand_dims) return cancel(context, root, *first);
  bool reshapes = first && (first->op == &op::reshape || first->op == &op::squeeze ||
                            first->op == &op::expand_dims);
  if (!reshapes || (root.inputs.size() > 1 && !context.is_constant(root.inputs[1])))
    return std::nullopt;
  std::vector<ValueId> inputs = root.inputs;
  inputs[0] = first->inputs[0];
  Patch patch = context.patch();
  patch.replace(root.outputs[0], patch.emit(*root.op, root.attributes, std::move(inputs),
                                            context.type(root.outputs[0])));
  return patch;
}

}  // namespace

constinit const Pass merge_reshapes = {.name = "merge-reshapes",
                                       .roots = {&op::reshape, &op::expand_dims},
                                       .rewrite = merge,
                                       .doc = "reshapes once instead of twice"};

}  // namespace wherry::passes
