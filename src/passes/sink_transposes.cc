// Moves a TRANSPOSE that puts channels first behind elementwise operators and PAD, so that these
// meet the convolution before it, and transposes of networks with channels first meet each other.
//   before:  a = TRANSPOSE(x, [0, 3, 1, 2])    y = RELU(a)
//   after:   b = RELU(x)                       y = TRANSPOSE(b, [0, 3, 1, 2])
#include "ops/shape/pad.h"
#include "ops/shape/transpose.h"
#include "passes/elementwise.h"
#include "passes/integers.h"
#include "passes/permutation.h"
#include "passes/pipelines.h"

namespace wherry::passes {
namespace {

const std::vector<int32_t> channels_first = {0, 3, 1, 2};
/// The axis with channels first that an axis with channels last is.
constexpr int first_of_last[] = {0, 2, 3, 1};

const Node* transpose_before(const PassContext& context, ValueId id) {
  const Node* node = context.producer(id);
  if (!node || node->op != &op::transpose || context.type(id).dtype != DType::f32) return nullptr;
  return permutation_of(context, *node) == channels_first ? node : nullptr;
}

Shape with_channels_last(const Shape& shape) {
  Shape last = shape;
  for (int axis = 0; axis < shape.rank(); ++axis) last[axis] = shape[first_of_last[axis]];
  return last;
}

/// The constant as it broadcasts with channels last; no_value when it is more than one number for
/// each channel.
ValueId constant_for(const PassContext& context, ValueId id, Patch& patch) {
  const Value& constant = context.graph().value(id);
  const Shape& shape = constant.type.shape;
  if (!constant.constant || constant.sparsity || shape.rank() > 4) return no_value;
  int64_t count = shape.elements();
  if (count == 1) return id;
  int channels = shape.rank() - 3;  // the second axis of four
  if (channels < 0 || shape[channels] != count) return no_value;
  TensorType type = constant.type;
  type.shape = {count}, type.signature = {};
  return patch.constant(constant.name, std::move(type), constant.constant);
}

/// What the node reads and gives once it stands before the transpose.
struct Moved {
  Patch patch;
  std::vector<ValueId> inputs;
  TensorType type;
};

/// The node on these inputs, and the transpose behind it.
Patch swapped(const PassContext& context, const Node& root, const Node& transpose, Moved moved) {
  const Value& result = context.graph().value(root.outputs[0]);
  std::string name = result.name, transposed = cat(name, "/transposed");
  if (context.is_output(root.outputs[0])) name += "/channels_last", transposed = {};
  ValueId y = moved.patch.emit(*root.op, root.attributes, std::move(moved.inputs),
                               std::move(moved.type), std::move(name));
  moved.patch.replace(root.outputs[0],
                      moved.patch.emit(op::transpose, transpose.attributes,
                                       {y, transpose.inputs[1]}, result.type, transposed));
  return std::move(moved.patch);
}

std::optional<Patch> sink_unary(const PassContext& context, const Node& root) {
  const Node* transpose = transpose_before(context, root.inputs[0]);
  if (!transpose || !context.sole_consumer(root.inputs[0])) return std::nullopt;
  ValueId x = transpose->inputs[0];
  return swapped(context, root, *transpose, {context.patch(), {x}, context.type(x)});
}

std::optional<Patch> sink_pair(const PassContext& context, const Node& root, const Node& a,
                               const Node& b) {
  bool alone = context.sole_consumer(root.inputs[0]) || context.sole_consumer(root.inputs[1]);
  const TensorType& type = context.type(a.inputs[0]);
  if (!alone || type != context.type(b.inputs[0])) return std::nullopt;
  return swapped(context, root, a, {context.patch(), {a.inputs[0], b.inputs[0]}, type});
}

std::optional<Patch> sink_binary(const PassContext& context, const Node& root) {
  const Node *a = transpose_before(context, root.inputs[0]),
             *b = transpose_before(context, root.inputs[1]);
  if (a && b) return sink_pair(context, root, *a, *b);
  size_t side = a ? 0 : 1;
  const Node* transpose = a ? a : b;
  if (!transpose || !context.sole_consumer(root.inputs[side]) ||
      context.type(root.inputs[side]) != context.type(root.outputs[0]))
    return std::nullopt;
  Patch patch = context.patch();
  ValueId x = transpose->inputs[0], constant = constant_for(context, root.inputs[1 - side], patch);
  if (constant == no_value) return std::nullopt;
  std::vector<ValueId> inputs(2, x);
  inputs[1 - side] = constant;
  return swapped(context, root, *transpose, {std::move(patch), std::move(inputs), context.type(x)});
}

std::optional<Patch> sink_pad(const PassContext& context, const Node& root) {
  const Node* transpose = transpose_before(context, root.inputs[0]);
  auto amounts = integers_of(context, root.inputs[1]);
  if (!transpose || !context.sole_consumer(root.inputs[0]) || !amounts || amounts->size() != 8)
    return std::nullopt;
  std::vector<int32_t> moved;
  for (int axis : first_of_last) {
    for (int side : {0, 1})
      moved.push_back(static_cast<int32_t>((*amounts)[static_cast<size_t>(2 * axis + side)]));
  }
  TensorType type = context.type(root.outputs[0]);
  type.shape = with_channels_last(type.shape);
  if (type.signature.rank()) type.signature = with_channels_last(type.signature);
  Patch patch = context.patch();
  const std::string& name = context.graph().value(root.inputs[1]).name;
  ValueId paddings = integer_constant(patch, name, std::move(moved), 2);
  return swapped(context, root, *transpose,
                 {std::move(patch), {transpose->inputs[0], paddings}, std::move(type)});
}

std::optional<Patch> sink(const PassContext& context, const Node& root) {
  if (root.op == &op::pad) return sink_pad(context, root);
  if (is_elementwise_unary(*root.op)) return sink_unary(context, root);
  return is_elementwise_binary(*root.op) ? sink_binary(context, root) : std::nullopt;
}

}  // namespace

constinit const Pass sink_transposes = {
    .name = "sink-transposes",
    .rewrite = sink,
    .doc = "moves TRANSPOSE that puts channels first behind elementwise operators and PAD"};

}  // namespace wherry::passes
