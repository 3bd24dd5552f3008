// A transpose that only moves axes of extent 1 leaves every element where it is.
//   before:  y = TRANSPOSE(x: [?,1,7,3], [0, 2, 1, 3])
//   after:   y = RESHAPE(x, [-1, 7, 1, 3])
#include <algorithm>

#include "ops/shape/reshape.h"
#include "ops/shape/transpose.h"
#include "passes/permutation.h"
#include "passes/pipelines.h"

namespace wherry::passes {
namespace {

std::optional<Patch> replace(const PassContext& context, const Node& root) {
  auto permutation = permutation_of(context, root);
  const TensorType& type = context.type(root.inputs[0]);
  const TensorType& result = context.type(root.outputs[0]);
  if (!permutation || static_cast<int>(permutation->size()) != type.shape.rank())
    return std::nullopt;
  int32_t last = -1;
  for (int32_t axis : *permutation) {
    if (type.fixed(axis) && type.shape[axis] == 1) continue;
    if (axis < last) return std::nullopt;
    last = axis;
  }
  std::vector<int32_t> extents;
  for (int64_t extent : result.declared_shape()) extents.push_back(static_cast<int32_t>(extent));
  if (std::count(extents.begin(), extents.end(), -1) > 1) return std::nullopt;
  Patch patch = context.patch();
  int64_t rank = result.shape.rank();
  ValueId shape = patch.constant("shape", {DType::i32, {rank}, {}, {}}, Constant::of(extents));
  patch.replace(root.outputs[0], patch.emit(op::reshape,
                                            Attributes::of(op::reshape_attributes,
                                                           op::Reshape{.new_shape = extents}),
                                            {root.inputs[0], shape}, result));
  return patch;
}

}  // namespace

constinit const Pass transpose_to_reshape = {
    .name = "transpose-to-reshape",
    .roots = {&op::transpose},
    .rewrite = replace,
    .doc = "a transpose that only moves axes of extent 1 becomes a RESHAPE"};

}  // namespace wherry::passes
