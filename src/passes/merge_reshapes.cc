// Reshapes once instead of twice.
//   before:  a = RESHAPE(x, s)    y = RESHAPE(a, t)
//   after:   y = RESHAPE(x, t)
#include "ops/shape/expand_dims.h"
#include "ops/shape/reshape.h"
#include "ops/shape/squeeze.h"
#include "passes/pipelines.h"

namespace wherry::passes {
namespace {

std::optional<Patch> merge(const PassContext& context, const Node& root) {
  const Node* first = context.producer(root.inputs[0]);
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
                                       .roots = {&op::reshape},
                                       .rewrite = merge,
                                       .doc = "reshapes once instead of twice"};

}  // namespace wherry::passes
