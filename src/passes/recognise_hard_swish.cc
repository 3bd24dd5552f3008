// Keeps x * relu6(x + 3) / 6 as one operator, however its factors are ordered.
//   before:  a = ADD(x, 3)    b = RELU6(a)    c = MUL(b, 1/6)    y = MUL(x, c)
//   after:   y = HARD_SWISH(x)
#include <cmath>

#include "ops/activation/hard_swish.h"
#include "ops/activation/relu.h"
#include "ops/arithmetic/add.h"
#include "ops/arithmetic/mul.h"
#include "passes/linear.h"
#include "passes/pipelines.h"

namespace wherry::passes {
namespace {

/// The factors of a tree of MULs whose inner products nobody else reads.
void collect_factors(const PassContext& context, ValueId id, int depth,
                     std::vector<ValueId>& factors) {
  const Node* mul = depth > 0 && depth < 4 ? context.sole_producer(id, op::mul) : nullptr;
  if (!mul || activation_of(mul->attributes) != Activation::none) {
    factors.push_back(id);
    return;
  }
  for (ValueId input : mul->inputs) collect_factors(context, input, depth + 1, factors);
}

std::optional<float> number(const PassContext& context, ValueId id) {
  if (!context.is_constant(id) || context.type(id).dtype != DType::f32 ||
      context.type(id).shape.elements() != 1)
    return std::nullopt;
  return floats_of(context.graph().value(id))[0];
}

/// The x of relu6(x + 3), also with the clamp already fused into the ADD.
ValueId shifted_clamp(const PassContext& context, ValueId id) {
  const Node* node = context.producer(id);
  bool fused = node && node->op == &op::add && activation_of(node->attributes) == Activation::relu6;
  if (node && node->op == &op::relu6)
    node = context.producer(node->inputs[0]);
  else if (!fused)
    return no_value;
  if (!node || node->op != &op::add ||
      (!fused && activation_of(node->attributes) != Activation::none))
    return no_value;
  for (size_t side = 0; side < 2; ++side) {
    auto shift = number(context, node->inputs[side]);
    if (shift && *shift == 3.0f) return node->inputs[1 - side];
  }
  return no_value;
}

std::optional<Patch> recognise(const PassContext& context, const Node& root) {
  if (activation_of(root.attributes) != Activation::none) return std::nullopt;
  std::vector<ValueId> factors;
  for (ValueId input : root.inputs) collect_factors(context, input, 1, factors);
  if (factors.size() != 3) return std::nullopt;
  ValueId x = no_value, plain = no_value;
  bool sixth = false;
  for (ValueId factor : factors) {
    auto constant = number(context, factor);
    ValueId inner = constant ? no_value : shifted_clamp(context, factor);
    if (constant)
      sixth = std::abs(*constant - 1.0f / 6) < 1e-6f;
    else if (inner != no_value)
      x = inner;
    else
      plain = factor;
  }
  if (!sixth || x == no_value || x != plain || context.type(x) != context.type(root.outputs[0]))
    return std::nullopt;
  Patch patch = context.patch();
  patch.replace(root.outputs[0],
                patch.emit(op::hard_swish, Attributes::defaults(*op::hard_swish.attributes), {x},
                           context.type(root.outputs[0])));
  return patch;
}

}  // namespace

constinit const Pass recognise_hard_swish = {.name = "recognise-hard-swish",
                                             .roots = {&op::mul},
                                             .rewrite = recognise,
                                             .doc = "keeps x * relu6(x + 3) / 6 as one operator"};

}  // namespace wherry::passes
