// Computes the same thing once.
//   before:  a = RELU(x)    b = RELU(x)    y = ADD(a, b)
//   after:   a = RELU(x)    y = ADD(a, a)
#include "passes/pipelines.h"

namespace wherry::passes {
namespace {

bool same_value(const PassContext& context, ValueId a, ValueId b) {
  if (a == b) return true;
  if (!context.is_constant(a) || !context.is_constant(b)) return false;
  const Value &x = context.graph().value(a), &y = context.graph().value(b);
  return x.type == y.type && x.constant == y.constant && !x.sparsity && !y.sparsity;
}

bool same_computation(const PassContext& context, const Node& a, const Node& b) {
  if (a.op != b.op || a.inputs.size() != b.inputs.size() || a.outputs.size() != b.outputs.size() ||
      !(a.attributes == b.attributes))
    return false;
  for (size_t i = 0; i < a.inputs.size(); ++i) {
    if (!same_value(context, a.inputs[i], b.inputs[i])) return false;
  }
  for (size_t i = 0; i < a.outputs.size(); ++i) {
    if (a.outputs[i] == no_value || b.outputs[i] == no_value ||
        context.type(a.outputs[i]) != context.type(b.outputs[i]))
      return false;
  }
  return true;
}

std::optional<Patch> merge(const PassContext& context, const Node& root) {
  if (root.op->effects != Effects::pure) return std::nullopt;
  for (ValueId id : root.inputs) {
    if (id == no_value || context.is_constant(id)) continue;
    for (const Node* other : context.consumers(id)) {
      if (other == &root || !same_computation(context, root, *other) ||
          !context.precedes(*other, root))
        continue;
      Patch patch = context.patch();
      for (size_t i = 0; i < root.outputs.size(); ++i) {
        // Two outputs of the model need two tensors.
        if (context.is_output(root.outputs[i])) return std::nullopt;
        patch.replace(root.outputs[i], other->outputs[i]);
      }
      return patch;
    }
    return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

constinit const Pass common_subexpressions = {
    .name = "common-subexpressions", .rewrite = merge, .doc = "computes the same thing once"};

}  // namespace wherry::passes
