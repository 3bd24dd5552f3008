// Moves RESHAPE, SQUEEZE and EXPAND_DIMS behind elementwise operators, so that these meet the
// operator before it and reshapes meet each other.
//   before:  a = RESHAPE(x, s)    y = RELU(a)
//   after:   b = RELU(x)          y = RESHAPE(b, s)
#include "ops/shape/expand_dims.h"
#include "ops/shape/reshape.h"
#include "ops/shape/squeeze.h"
#include "passes/elementwise.h"
#include "passes/linear.h"
#include "passes/pipelines.h"

namespace wherry::passes {
namespace {

const Node* reshape_before(const PassContext& context, ValueId id) {
  const Node* node = context.producer(id);
  if (!node || context.type(id).dtype != DType::f32) return nullptr;
  bool reshapes =
      node->op == &op::reshape || node->op == &op::squeeze || node->op == &op::expand_dims;
  return reshapes ? node : nullptr;
}

/// The constant in a form that broadcasts over `wide` as it did over `narrow`; no_value when there
/// is none. Only single numbers and vectors along a last axis that both types share qualify.
ValueId constant_for(const PassContext& context, ValueId id, const Node& reshape, Patch& patch) {
  const TensorType &narrow = context.type(reshape.outputs[0]),
                   &wide = context.type(reshape.inputs[0]);
  const Value& constant = context.graph().value(id);
  const Shape& shape = constant.type.shape;
  if (!constant.constant || constant.sparsity || shape.rank() > narrow.shape.rank())
    return no_value;
  int64_t count = shape.elements();
  if (count == 1 && shape.rank() <= wide.shape.rank()) return id;
  bool along_last = shape.rank() > 0 && shape.back() == count && narrow.shape.back() == count &&
                    wide.shape.rank() > 0 && wide.shape.back() == count &&
                    wide.fixed(wide.shape.rank() - 1);
  if (!along_last) return no_value;
  if (shape.rank() == 1) return id;
  TensorType type = constant.type;
  type.shape = {count}, type.signature = {};
  return patch.constant(constant.name, std::move(type), constant.constant);
}

/// What the node reads once it stands before the reshape.
struct Moved {
  Patch patch;
  std::vector<ValueId> inputs;  ///< with the type of what is reshaped
};

/// The node on these inputs, and the reshape behind it.
Patch swapped(const PassContext& context, const Node& root, const Node& reshape, Moved moved) {
  Patch& patch = moved.patch;
  const Value& result = context.graph().value(root.outputs[0]);
  std::string name = result.name, reshaped = cat(name, "/reshaped");
  if (context.is_output(root.outputs[0])) name += "/flat", reshaped = {};
  ValueId y = patch.emit(*root.op, root.attributes, std::move(moved.inputs),
                         context.type(reshape.inputs[0]), std::move(name));
  std::vector<ValueId> reshape_inputs = reshape.inputs;
  reshape_inputs[0] = y;
  patch.replace(root.outputs[0], patch.emit(*reshape.op, reshape.attributes,
                                            std::move(reshape_inputs), result.type, reshaped));
  return std::move(patch);
}

std::optional<Patch> sink_unary(const PassContext& context, const Node& root) {
  const Node* reshape = reshape_before(context, root.inputs[0]);
  if (!reshape || !context.sole_consumer(root.inputs[0])) return std::nullopt;
  return swapped(context, root, *reshape, {context.patch(), {reshape->inputs[0]}});
}

/// Both sides reshaped from one type to one type.
std::optional<Patch> sink_pair(const PassContext& context, const Node& root, const Node& a,
                               const Node& b) {
  bool alone = context.sole_consumer(root.inputs[0]) || context.sole_consumer(root.inputs[1]);
  if (!alone || a.op != b.op || context.type(a.inputs[0]) != context.type(b.inputs[0]) ||
      context.type(root.inputs[0]) != context.type(root.inputs[1]))
    return std::nullopt;
  return swapped(context, root, a, {context.patch(), {a.inputs[0], b.inputs[0]}});
}

std::optional<Patch> sink_binary(const PassContext& context, const Node& root) {
  const Node *a = reshape_before(context, root.inputs[0]),
             *b = reshape_before(context, root.inputs[1]);
  if (a && b) return sink_pair(context, root, *a, *b);
  size_t side = a ? 0 : 1;
  const Node* reshape = a ? a : b;
  if (!reshape || !context.sole_consumer(root.inputs[side])) return std::nullopt;
  if (context.type(root.inputs[side]) != context.type(root.outputs[0])) return std::nullopt;
  Patch patch = context.patch();
  ValueId constant = constant_for(context, root.inputs[1 - side], *reshape, patch);
  if (constant == no_value) return std::nullopt;
  std::vector<ValueId> inputs(2, reshape->inputs[0]);
  inputs[1 - side] = constant;
  return swapped(context, root, *reshape, {std::move(patch), std::move(inputs)});
}

std::optional<Patch> sink(const PassContext& context, const Node& root) {
  if (is_elementwise_unary(*root.op)) return sink_unary(context, root);
  return is_elementwise_binary(*root.op) ? sink_binary(context, root) : std::nullopt;
}

}  // namespace

constinit const Pass sink_reshapes = {
    .name = "sink-reshapes",
    .rewrite = sink,
    .doc = "moves RESHAPE, SQUEEZE and EXPAND_DIMS behind elementwise operators"};

}  // namespace wherry::passes
