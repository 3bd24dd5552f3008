// Pads and reduces before axes of extent 1 are dropped, so that the RESHAPE which drops them meets
// the next one, or goes.
//   before:  a = RESHAPE(x: [?,1,8,3], [-1, 8, 3])    y = MEAN(a, [1])
//   after:   y = MEAN(x, [1, 2])
#include <algorithm>

#include "ops/reduction/mean.h"
#include "ops/reduction/reduce.h"
#include "ops/reduction/sum.h"
#include "ops/shape/expand_dims.h"
#include "ops/shape/pad.h"
#include "ops/shape/reshape.h"
#include "ops/shape/squeeze.h"
#include "passes/integers.h"
#include "passes/pipelines.h"

namespace wherry::passes {
namespace {

/// For each axis of the narrow type its axis in the wide one, when both differ only in fixed
/// extents of 1.
std::optional<std::vector<int>> axes_kept(const TensorType& wide, const TensorType& narrow) {
  std::vector<int> kept;
  const Shape &from = wide.declared_shape(), &to = narrow.declared_shape();
  for (int axis = 0; axis < from.rank(); ++axis) {
    int next = static_cast<int>(kept.size());
    if (next < to.rank() && from[axis] == to[next])
      kept.push_back(axis);
    else if (from[axis] != 1)
      return std::nullopt;
  }
  if (static_cast<int>(kept.size()) != to.rank() || from.rank() == to.rank()) return std::nullopt;
  return kept;
}

std::optional<Patch> sink_reduction(const PassContext& context, const Node& root,
                                    const Node& reshape, const std::vector<int>& kept) {
  auto axes = integers_of(context, root.inputs[1]);
  if (!axes || root.attributes.as<op::Reducer>().keep_dims) return std::nullopt;
  int rank = context.type(reshape.inputs[0]).shape.rank(), narrow = static_cast<int>(kept.size());
  std::vector<bool> reduced(static_cast<size_t>(rank), true);
  for (int axis : kept) reduced[static_cast<size_t>(axis)] = false;
  for (int64_t axis : *axes) {
    if (axis < -narrow || axis >= narrow) return std::nullopt;
    int place = static_cast<int>(axis < 0 ? axis + narrow : axis);
    reduced[static_cast<size_t>(kept[static_cast<size_t>(place)])] = true;
  }
  std::vector<int32_t> joint;
  for (int axis = 0; axis < rank; ++axis) {
    if (reduced[static_cast<size_t>(axis)]) joint.push_back(axis);
  }
  Patch patch = context.patch();
  ValueId constant = integer_constant(patch, "axes", std::move(joint));
  patch.replace(root.outputs[0],
                patch.emit(*root.op, root.attributes, {reshape.inputs[0], constant},
                           context.type(root.outputs[0])));
  return patch;
}

/// Whether a reshape behind the node costs nothing: another goes, or the two become one.
bool is_free(const PassContext& context, const Node& root) {
  if (context.sole_consumer(root.inputs[0])) return true;
  const Node* reader = context.sole_consumer(root.outputs[0]);
  return reader && (reader->op == &op::reshape || reader->op == &op::expand_dims);
}

/// What drops the axes behind the node: a SQUEEZE as before it, or a RESHAPE.
ValueId dropped(const Node& reshape, ValueId wide, const TensorType& result, Patch& patch) {
  if (reshape.op == &op::squeeze)
    return patch.emit(op::squeeze, reshape.attributes, {wide}, result);
  std::vector<int32_t> shape;
  for (int64_t extent : result.declared_shape()) shape.push_back(static_cast<int32_t>(extent));
  ValueId target = integer_constant(patch, "shape", std::move(shape));
  return patch.emit(op::reshape, Attributes::defaults(op::reshape_attributes), {wide, target},
                    result);
}

std::optional<Patch> sink_padding(const PassContext& context, const Node& root, const Node& reshape,
                                  const std::vector<int>& kept) {
  auto amounts = integers_of(context, root.inputs[1]);
  const TensorType& result = context.type(root.outputs[0]);
  const Shape& extents = result.declared_shape();
  bool fits = reshape.op == &op::squeeze || std::count(extents.begin(), extents.end(), -1) <= 1;
  if (!amounts || amounts->size() != 2 * kept.size() || !is_free(context, root) || !fits)
    return std::nullopt;
  TensorType wide = context.type(reshape.inputs[0]);
  std::vector<int32_t> paddings(static_cast<size_t>(wide.shape.rank()) * 2, 0);
  for (size_t i = 0; i < kept.size(); ++i) {
    size_t axis = static_cast<size_t>(kept[i]);
    int64_t before = (*amounts)[2 * i], after = (*amounts)[2 * i + 1];
    paddings[2 * axis] = static_cast<int32_t>(before);
    paddings[2 * axis + 1] = static_cast<int32_t>(after);
    wide.shape[kept[i]] += before + after;
    if (wide.signature.rank() && wide.signature[kept[i]] >= 0)
      wide.signature[kept[i]] += before + after;
  }
  Patch patch = context.patch();
  std::string name = context.graph().value(root.outputs[0]).name;
  ValueId constant = integer_constant(patch, "paddings", std::move(paddings), 2);
  std::vector<ValueId> inputs = root.inputs;
  inputs[0] = reshape.inputs[0], inputs[1] = constant;
  ValueId padded =
      patch.emit(*root.op, root.attributes, std::move(inputs), wide, cat(name, "/wide"));
  patch.replace(root.outputs[0], dropped(reshape, padded, result, patch));
  return patch;
}

std::optional<Patch> sink(const PassContext& context, const Node& root) {
  const Node* reshape = context.producer(root.inputs[0]);
  bool drops = reshape && (reshape->op == &op::reshape || reshape->op == &op::squeeze);
  if (!drops) return std::nullopt;
  auto kept = axes_kept(context.type(reshape->inputs[0]), context.type(root.inputs[0]));
  if (!kept) return std::nullopt;
  bool pads = root.op == &op::pad;
  return pads ? sink_padding(context, root, *reshape, *kept)
              : sink_reduction(context, root, *reshape, *kept);
}

}  // namespace

constinit const Pass sink_unit_axes = {
    .name = "sink-unit-axes",
    .roots = {&op::pad, &op::mean, &op::sum, &op::reduce_max, &op::reduce_min},
    .rewrite = sink,
    .doc = "pads and reduces before axes of extent 1 are dropped"};

}  // namespace wherry::passes
