// Repeats a few rows by their indices where a picture is made for that only.
//   before:  a = RESHAPE(x: [?,3,2], [-1, 1, 3, 2])    b = RESIZE_NEAREST_NEIGHBOR(a, [1, 6])
//            y = RESHAPE(b, [-1, 6, 2])
//   after:   y = GATHER(x, [0, 0, 1, 1, 2, 2]) {axis = 1}
#include "ops/image/resize.h"
#include "ops/indexing/gather.h"
#include "ops/shape/reshape.h"
#include "passes/integers.h"
#include "passes/pipelines.h"

namespace wherry::passes {
namespace {

/// Beyond so many the list of indices weighs more than the operators it saves.
constexpr int64_t most_rows = 256;

/// [n, 1, rows, channels] and [n, rows, channels], n open or not.
bool is_picture_of(const TensorType& picture, const TensorType& sequence) {
  const Shape &wide = picture.declared_shape(), &narrow = sequence.declared_shape();
  return wide.rank() == 4 && narrow.rank() == 3 && wide[0] == narrow[0] && wide[1] == 1 &&
         wide[2] == narrow[1] && wide[3] == narrow[2] && wide[2] > 0;
}

std::optional<Patch> replace(const PassContext& context, const Node& root) {
  const Node* resize = context.sole_producer(root.inputs[0], op::resize_nearest_neighbor);
  const Node* before = resize ? context.sole_producer(resize->inputs[0], op::reshape) : nullptr;
  if (!before) return std::nullopt;
  ValueId x = before->inputs[0];
  const TensorType &small = context.type(resize->inputs[0]), &large = context.type(root.inputs[0]);
  const auto& modes = resize->attributes.as<op::ResizeNearestNeighbor>();
  bool repeats = is_picture_of(small, context.type(x)) &&
                 is_picture_of(large, context.type(root.outputs[0])) && modes.half_pixel_centers &&
                 large.shape[2] <= most_rows && large.shape[2] % small.shape[2] == 0;
  if (!repeats) return std::nullopt;
  int32_t times = static_cast<int32_t>(large.shape[2] / small.shape[2]);
  std::vector<int32_t> rows;
  for (int32_t row = 0; row < large.shape[2]; ++row) rows.push_back(row / times);
  Patch patch = context.patch();
  ValueId indices = integer_constant(patch, "rows", std::move(rows));
  patch.replace(root.outputs[0],
                patch.emit(op::gather, Attributes::of(op::gather_attributes, op::Gather{.axis = 1}),
                           {x, indices}, context.type(root.outputs[0])));
  return patch;
}

}  // namespace

constinit const Pass resize_to_gather = {.name = "resize-to-gather",
                                         .roots = {&op::reshape},
                                         .rewrite = replace,
                                         .doc = "repeats a few rows by their indices"};

}  // namespace wherry::passes
