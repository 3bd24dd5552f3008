// Multiplies by constants once, and adds constants once.
//   before:  a = MUL(x, c)    y = MUL(a, d)
//   after:   y = MUL(x, c * d)
#include "ops/arithmetic/add.h"
#include "ops/arithmetic/mul.h"
#include "ops/evaluate.h"
#include "passes/linear.h"
#include "passes/pipelines.h"

namespace wherry::passes {
namespace {

/// Which input is a float constant: 0, 1 or -1 for none or both.
int constant_side(const PassContext& context, const Node& node) {
  bool first = context.is_constant(node.inputs[0]), second = context.is_constant(node.inputs[1]);
  if (first == second) return -1;
  int side = second ? 1 : 0;
  return context.type(node.inputs[static_cast<size_t>(side)]).dtype == DType::f32 ? side : -1;
}

std::optional<Patch> merge(const PassContext& context, const Node& root) {
  int outer = constant_side(context, root);
  if (outer < 0) return std::nullopt;
  ValueId middle = root.inputs[static_cast<size_t>(1 - outer)];
  const Node* first = context.sole_producer(middle, *root.op);
  int inner = first ? constant_side(context, *first) : -1;
  if (inner < 0 || activation_of(first->attributes) != Activation::none) return std::nullopt;
  ValueId x = first->inputs[static_cast<size_t>(1 - inner)];
  // A constant that widens x must stay where it widens.
  if (context.type(x) != context.type(middle) ||
      context.type(middle) != context.type(root.outputs[0]))
    return std::nullopt;
  const Value &c = context.graph().value(first->inputs[static_cast<size_t>(inner)]),
              &d = context.graph().value(root.inputs[static_cast<size_t>(outer)]);
  const Value& larger = c.type.shape.elements() >= d.type.shape.elements() ? c : d;
  const Value& smaller = &larger == &c ? d : c;
  if (smaller.type.shape.elements() != 1 && smaller.type.shape != larger.type.shape)
    return std::nullopt;
  std::vector<float> values = floats_of(larger), other = floats_of(smaller);
  bool product = root.op == &op::mul;
  for (size_t i = 0; i < values.size(); ++i) {
    float factor = other[other.size() == 1 ? 0 : i];
    values[i] = product ? values[i] * factor : values[i] + factor;
  }
  Patch patch = context.patch();
  ValueId joint = patch.constant(larger.name, larger.type, Constant::of(std::move(values)));
  patch.replace(root.outputs[0],
                patch.emit(*root.op, root.attributes, {x, joint}, context.type(root.outputs[0])));
  return patch;
}

}  // namespace

constinit const Pass merge_scalings = {
    .name = "merge-scalings",
    .roots = {&op::mul, &op::add},
    .rewrite = merge,
    .doc = "multiplies by constants once, and adds constants once"};

}  // namespace wherry::passes
