// CONCATENATION, PACK, SPLIT, SPLIT_V and UNPACK: in place where whole blocks follow one another,
// else copied block by block.
#include "ops/copy_fast.h"
#include "ops/shape/concatenation.h"
#include "ops/shape/pack.h"
#include "ops/shape/split.h"
#include "ops/shape/unpack.h"

namespace wherry::op {
namespace {

int axis_of(int64_t axis, int rank) { return resolve_axis(axis, rank).value(); }

/// Tensors that lie side by side in blocks of a large one.
struct Pieces {
  int64_t blocks = 1, block = 0;  ///< elements of a block of the large one
  std::vector<int> operands;      ///< which input or output each piece is
  std::vector<int64_t> sizes;     ///< elements of a piece in one block
};

std::vector<int64_t> byte_offsets(const Pieces& pieces, size_t element) {
  std::vector<int64_t> offsets;
  int64_t offset = 0;
  for (int64_t size : pieces.sizes) {
    offsets.push_back(offset * static_cast<int64_t>(element));
    offset += size;
  }
  return offsets;
}

PlanResult plan_joined(PlanContext& context, const Pieces& pieces) {
  const size_t element = element_bytes(context.output().dtype);
  if (element == 0) return declined("needs elements of 1, 2, 4 or 8 bytes");
  if (pieces.blocks == 1) return Join{byte_offsets(pieces, element)};
  std::vector<MovedBox> boxes;
  int64_t offset = 0;
  for (size_t i = 0; i < pieces.sizes.size(); ++i) {
    boxes.push_back({.input = pieces.operands[i],
                     .extents = {pieces.blocks, pieces.sizes[i]},
                     .from_steps = {pieces.sizes[i], 1},
                     .to_steps = {pieces.block, 1},
                     .to = offset});
    offset += pieces.sizes[i];
  }
  return plan_copies(context, std::move(boxes));
}

PlanResult plan_cut(PlanContext& context, const Pieces& pieces, int input) {
  const size_t element = element_bytes(context.dtype(input));
  if (element == 0) return declined("needs elements of 1, 2, 4 or 8 bytes");
  if (pieces.blocks == 1) return View{input, byte_offsets(pieces, element)};
  std::vector<MovedBox> boxes;
  int64_t offset = 0;
  for (size_t i = 0; i < pieces.sizes.size(); ++i) {
    boxes.push_back({.input = input,
                     .output = static_cast<int>(i),
                     .extents = {pieces.blocks, pieces.sizes[i]},
                     .from_steps = {pieces.block, 1},
                     .to_steps = {pieces.sizes[i], 1},
                     .from = offset});
    offset += pieces.sizes[i];
  }
  return plan_copies(context, std::move(boxes));
}

PlanResult plan_concatenation(PlanContext& context) {
  const TensorType& y = context.output();
  const int rank = y.shape.rank();
  const int axis = axis_of(context.attributes<Concatenation>().axis, rank);
  Pieces pieces{.blocks = y.shape.product(0, axis), .block = y.shape.product(axis, rank)};
  for (int i = 0; i < context.input_count(); ++i) {
    const TensorType& x = context.input(i);
    const bool same_scale = x.scale() == y.scale() && x.zero_point() == y.zero_point();
    if (x.dtype == DType::u8 && x.quantized() && y.quantized() && !same_scale)
      return declined("needs inputs in the output's scale");
    pieces.operands.push_back(i);
    pieces.sizes.push_back(context.shape(i).product(axis, rank));
  }
  return plan_joined(context, pieces);
}

PlanResult plan_pack(PlanContext& context) {
  const Shape& shape = context.output().shape;
  const int rank = shape.rank(), axis = axis_of(context.attributes<Pack>().axis, rank);
  Pieces pieces{.blocks = shape.product(0, axis), .block = shape.product(axis, rank)};
  for (int i = 0; i < context.input_count(); ++i) {
    pieces.operands.push_back(i);
    pieces.sizes.push_back(shape.product(axis + 1, rank));
  }
  return plan_joined(context, pieces);
}

PlanResult plan_split_along(PlanContext& context, int input, int axis) {
  const Shape& shape = context.shape(input);
  const int rank = shape.rank();
  Pieces pieces{.blocks = shape.product(0, axis), .block = shape.product(axis, rank)};
  for (int i = 0; i < context.output_count(); ++i)
    pieces.sizes.push_back(context.output(i).shape.product(axis, rank));
  return plan_cut(context, pieces, input);
}

PlanResult plan_split(PlanContext& context) {
  const bool by_sizes = context.node().op == &split_v;
  const int input = by_sizes ? 0 : 1, axis_input = by_sizes ? 2 : 0;
  const auto* axis = context.constant<int32_t>(axis_input);
  if (!axis) return declined("needs a constant axis");
  return plan_split_along(context, input, axis_of(*axis, context.shape(input).rank()));
}

PlanResult plan_unpack(PlanContext& context) {
  const Shape& shape = context.shape(0);
  const int rank = shape.rank(), axis = axis_of(context.attributes<Unpack>().axis, rank);
  const Pieces pieces{.blocks = shape.product(0, axis),
                      .block = shape.product(axis, rank),
                      .operands = {},
                      .sizes = std::vector<int64_t>(static_cast<size_t>(context.output_count()),
                                                    shape.product(axis + 1, rank))};
  return plan_cut(context, pieces, 0);
}

PlanResult plan_blocks(PlanContext& context) {
  const OpDef* op = context.node().op;
  if (op == &concatenation) return plan_concatenation(context);
  if (op == &pack) return plan_pack(context);
  if (op == &unpack) return plan_unpack(context);
  return plan_split(context);
}

constexpr Implementation implementations[] = {{"blocks", plan_blocks}};

}  // namespace

FastOp concatenation_implementations() {
  return {{&concatenation, &pack, &split, &split_v, &unpack}, implementations};
}

}  // namespace wherry::op
