// Transposes once instead of twice; two that undo each other become the identity, which
// remove-identity drops.
//   before:  a = TRANSPOSE(x, p)    y = TRANSPOSE(a, q)
//   after:   y = TRANSPOSE(x, p after q)
#include "ops/shape/transpose.h"
#include "passes/permutation.h"
#include "passes/pipelines.h"

namespace wherry::passes {
namespace {

std::optional<Patch> merge(const PassContext& context, const Node& root) {
  const Node* first = context.producer(root.inputs[0]);
  if (!first || first->op != &op::transpose) return std::nullopt;
  auto p = permutation_of(context, *first), q = permutation_of(context, root);
  if (!p || !q || p->size() != q->size()) return std::nullopt;
  std::vector<int32_t> joint(p->size());
  for (size_t i = 0; i < joint.size(); ++i) joint[i] = (*p)[static_cast<size_t>((*q)[i])];
  Patch patch = context.patch();
  ValueId permutation = permutation_constant(patch, std::move(joint));
  patch.replace(root.outputs[0],
                patch.emit(op::transpose, root.attributes, {first->inputs[0], permutation},
                           context.type(root.outputs[0])));
  return patch;
}

}  // namespace

constinit const Pass merge_transposes = {.name = "merge-transposes",
                                         .roots = {&op::transpose},
                                         .rewrite = merge,
                                         .doc = "transposes once instead of twice"};

}  // namespace wherry::passes
