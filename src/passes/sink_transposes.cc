// Moves TRANSPOSE behind elementwise operators, pads, means and concatenations of pictures, so that
// these meet the operator before it and transposes meet each other.
//   before:  a = TRANSPOSE(x, p)    y = RELU(a)
//   after:   b = RELU(x)            y = TRANSPOSE(b, p)
#include <algorithm>
#include <array>

#include "ops/activation/prelu.h"
#include "ops/reduction/mean.h"
#include "ops/reduction/reduce.h"
#include "ops/shape/concatenation.h"
#include "ops/shape/pad.h"
#include "ops/shape/reshape.h"
#include "ops/shape/transpose.h"
#include "passes/elementwise.h"
#include "passes/integers.h"
#include "passes/permutation.h"
#include "passes/pipelines.h"

namespace wherry::passes {
namespace {

using Order = std::vector<int32_t>;

/// Operators whose results are pictures with the channels last: elsewhere (matrices of attention,
/// say) a transpose may stand between an operator and what would fold into it.
constexpr std::array<std::string_view, 10> picture_makers = {
    "AVERAGE_POOL_2D",         "CONCATENATION", "CONV_2D", "CONV_3D",
    "DEPTHWISE_CONV_2D",       "MAX_POOL_2D",   "PAD",     "PRELU",
    "RESIZE_NEAREST_NEIGHBOR", "TRANSPOSE_CONV"};

bool makes_pictures(const PassContext& context, const Node* node) {
  if (node && node->op == &op::reshape) node = context.producer(node->inputs[0]);
  if (!node) return false;
  return is_elementwise_unary(*node->op) || is_elementwise_binary(*node->op) ||
         std::find(picture_makers.begin(), picture_makers.end(), node->op->name) !=
             picture_makers.end();
}

bool reduces(const OpDef& op) { return &op == &op::mean || &op == &op::reduce_max; }

bool can_follow(const Node& node) {
  const OpDef* op = node.op;
  return op == &op::transpose || op == &op::pad || reduces(*op) || op == &op::concatenation ||
         op == &op::prelu || is_elementwise_unary(*op) || is_elementwise_binary(*op);
}

/// A transpose before a node: output axis i is axis order[i] of x.
struct Turned {
  ValueId x = no_value, permutation = no_value;
  Order order;
};

/// The transpose that makes the value, when nothing else needs its result.
std::optional<Turned> turned(const PassContext& context, ValueId id) {
  const Node* node = context.producer(id);
  if (!node || node->op != &op::transpose || context.type(id).dtype != DType::f32 ||
      context.is_output(id))
    return std::nullopt;
  std::vector<const Node*> readers = context.consumers(id);
  bool goes = std::all_of(readers.begin(), readers.end(),
                          [](const Node* reader) { return can_follow(*reader); });
  auto order = permutation_of(context, *node);
  if (!goes || !order) return std::nullopt;
  bool pictures =
      *order == Order{0, 3, 1, 2} || makes_pictures(context, context.producer(node->inputs[0]));
  if (!pictures) return std::nullopt;
  return Turned{node->inputs[0], node->inputs[1], std::move(*order)};
}

/// The type that becomes `type` when it is transposed.
TensorType before(const TensorType& type, const Order& order) {
  TensorType result = type;
  for (size_t i = 0; i < order.size(); ++i) {
    result.shape[order[i]] = type.shape[static_cast<int>(i)];
    if (type.signature.rank()) result.signature[order[i]] = type.signature[static_cast<int>(i)];
  }
  return result;
}

/// A constant with at most one axis of more than one element, as it broadcasts before the
/// transpose; no_value for others.
ValueId constant_before(const PassContext& context, ValueId id, const Order& order, Patch& patch) {
  if (!context.is_constant(id) || context.graph().value(id).sparsity) return no_value;
  const Value& constant = context.graph().value(id);
  const Shape& shape = constant.type.shape;
  int rank = static_cast<int>(order.size()), missing = rank - shape.rank();
  int64_t count = shape.elements();
  if (missing < 0) return no_value;
  if (count == 1) return id;
  int axis = 0;
  while (axis < shape.rank() - 1 && shape[axis] == 1) ++axis;
  if (shape.rank() == 0 || shape[axis] != count) return no_value;
  TensorType type = constant.type;
  type.shape = {count}, type.signature = {};
  for (int i = order[static_cast<size_t>(axis + missing)] + 1; i < rank; ++i)
    type.shape.push_back(1);
  return patch.constant(constant.name, std::move(type), constant.constant);
}

/// A node on other inputs, which come before the transpose.
struct Moved {
  Patch patch;
  Attributes attributes;
  std::vector<ValueId> inputs;
};

/// That node, and the transpose behind it.
Patch swapped(const PassContext& context, const Node& root, const Turned& turned, Moved moved) {
  Patch& patch = moved.patch;
  const Value& result = context.graph().value(root.outputs[0]);
  std::string name = result.name, transposed = cat(name, "/transposed");
  if (context.is_output(root.outputs[0])) name += "/channels_last", transposed = {};
  ValueId y = patch.emit(*root.op, std::move(moved.attributes), std::move(moved.inputs),
                         before(result.type, turned.order), std::move(name));
  patch.replace(root.outputs[0],
                patch.emit(op::transpose, Attributes::defaults(op::transpose_attributes),
                           {y, turned.permutation}, result.type, transposed));
  return std::move(patch);
}

std::optional<Patch> sink_unary(const PassContext& context, const Node& root) {
  auto x = turned(context, root.inputs[0]);
  if (!x) return std::nullopt;
  return swapped(context, root, *x, {context.patch(), root.attributes, {x->x}});
}

std::optional<Patch> sink_binary(const PassContext& context, const Node& root) {
  auto a = turned(context, root.inputs[0]), b = turned(context, root.inputs[1]);
  if (!a && !b) return std::nullopt;
  if (context.type(root.inputs[a ? 0 : 1]) != context.type(root.outputs[0])) return std::nullopt;
  Patch patch = context.patch();
  if (a && b) {
    if (a->order != b->order || context.type(root.inputs[0]) != context.type(root.inputs[1]))
      return std::nullopt;
    return swapped(context, root, *a, {std::move(patch), root.attributes, {a->x, b->x}});
  }
  const Turned& x = a ? *a : *b;
  ValueId constant = constant_before(context, root.inputs[a ? 1 : 0], x.order, patch);
  if (constant == no_value) return std::nullopt;
  std::vector<ValueId> inputs = {x.x, constant};
  if (b) std::swap(inputs[0], inputs[1]);
  return swapped(context, root, x, {std::move(patch), root.attributes, std::move(inputs)});
}

std::optional<Patch> sink_concatenation(const PassContext& context, const Node& root) {
  std::vector<ValueId> inputs;
  std::optional<Turned> first;
  for (ValueId id : root.inputs) {
    auto x = turned(context, id);
    if (!x || (first && x->order != first->order)) return std::nullopt;
    inputs.push_back(x->x);
    if (!first) first = std::move(x);
  }
  if (!first) return std::nullopt;
  const Order& order = first->order;
  op::Concatenation options = root.attributes.as<op::Concatenation>();
  int32_t rank = static_cast<int32_t>(order.size());
  int32_t axis = options.axis < 0 ? options.axis + rank : options.axis;
  if (axis < 0 || axis >= rank) return std::nullopt;
  options.axis = order[static_cast<size_t>(axis)];
  return swapped(
      context, root, *first,
      {context.patch(), Attributes::of(op::concatenation_attributes, options), std::move(inputs)});
}

std::optional<Patch> sink_padding(const PassContext& context, const Node& root) {
  auto x = turned(context, root.inputs[0]);
  auto amounts = integers_of(context, root.inputs[1]);
  if (!x || !amounts || amounts->size() != 2 * x->order.size()) return std::nullopt;
  std::vector<int32_t> paddings(amounts->size());
  for (size_t i = 0; i < amounts->size(); ++i)
    paddings[2 * static_cast<size_t>(x->order[i / 2]) + i % 2] =
        static_cast<int32_t>((*amounts)[i]);
  Patch patch = context.patch();
  const std::string& name = context.graph().value(root.inputs[1]).name;
  ValueId constant = integer_constant(patch, name, std::move(paddings), 2);
  return swapped(context, root, *x, {std::move(patch), root.attributes, {x->x, constant}});
}

/// The mean or maximum over other axes, where what is left stays in order.
std::optional<Patch> sink_reduction(const PassContext& context, const Node& root) {
  auto x = turned(context, root.inputs[0]);
  auto axes = integers_of(context, root.inputs[1]);
  if (!x || !axes || root.attributes.as<op::Reducer>().keep_dims) return std::nullopt;
  int64_t rank = static_cast<int64_t>(x->order.size());
  std::vector<bool> reduced(x->order.size());
  for (int64_t axis : *axes) {
    if (axis < -rank || axis >= rank) return std::nullopt;
    reduced[static_cast<size_t>(axis < 0 ? axis + rank : axis)] = true;
  }
  std::vector<int32_t> earlier, left;
  for (size_t i = 0; i < reduced.size(); ++i) (reduced[i] ? earlier : left).push_back(x->order[i]);
  if (!std::is_sorted(left.begin(), left.end())) return std::nullopt;
  std::sort(earlier.begin(), earlier.end());
  Patch patch = context.patch();
  ValueId constant = integer_constant(patch, "axes", std::move(earlier));
  patch.replace(root.outputs[0], patch.emit(*root.op, root.attributes, {x->x, constant},
                                            context.type(root.outputs[0])));
  return patch;
}

std::optional<Patch> sink(const PassContext& context, const Node& root) {
  if (root.op == &op::pad) return sink_padding(context, root);
  if (reduces(*root.op)) return sink_reduction(context, root);
  if (root.op == &op::concatenation) return sink_concatenation(context, root);
  if (is_elementwise_unary(*root.op)) return sink_unary(context, root);
  bool binary = is_elementwise_binary(*root.op) || root.op == &op::prelu;
  return binary ? sink_binary(context, root) : std::nullopt;
}

}  // namespace

constinit const Pass sink_transposes = {.name = "sink-transposes",
                                        .rewrite = sink,
                                        .doc = "moves TRANSPOSE behind elementwise operators"};

}  // namespace wherry::passes
