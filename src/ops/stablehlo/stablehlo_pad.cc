// STABLEHLO_PAD: pads around and between elements; negative amounts cut.
#include "ops/stablehlo/stablehlo_pad.h"

#include <algorithm>

#include "ops/element_copy.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field stablehlo_pad_fields[] = {
    field<&StablehloPad::edge_padding_low>("edge_padding_low", 0),
    field<&StablehloPad::edge_padding_high>("edge_padding_high", 1),
    field<&StablehloPad::interior_padding>("interior_padding", 2)};

/// Extent of one axis after padding; may be negative when more is cut than there is.
Expected<int64_t> padded_extent(int64_t extent, int64_t low, int64_t high, int64_t interior) {
  ENSURE(interior >= 0 && interior < max_bytes, "STABLEHLO_PAD cannot pad ", interior,
         " between elements");
  ENSURE(low > -max_bytes && low < max_bytes && high > -max_bytes && high < max_bytes,
         "STABLEHLO_PAD cannot pad by ", low, " before and ", high, " after");
  int64_t gaps = TRY(checked_multiply(std::max<int64_t>(extent - 1, 0), interior));
  return checked_add(TRY(checked_add(extent, gaps)), TRY(checked_add(low, high)));
}

Status infer_stablehlo_pad(InferContext& context) {
  const auto& attributes = context.attributes<StablehloPad>();
  const Shape& shape = context.shape(0);
  size_t rank = static_cast<size_t>(shape.rank());
  ENSURE(attributes.edge_padding_low.size() == rank &&
             attributes.edge_padding_high.size() == rank &&
             attributes.interior_padding.size() == rank,
         "STABLEHLO_PAD of the shape ", shape, " got the amounts ", attributes.edge_padding_low,
         ", ", attributes.edge_padding_high, " and ", attributes.interior_padding);
  ENSURE(context.dtype(1) == context.dtype(0) && context.shape(1).elements() == 1,
         "STABLEHLO_PAD needs one value of type ", context.dtype(0), ", got ",
         text_of(context.input(1)));
  Shape result;
  bool empty = false;
  for (size_t axis = 0; axis < rank; ++axis) {
    int64_t extent =
        TRY(padded_extent(shape[static_cast<int>(axis)], attributes.edge_padding_low[axis],
                          attributes.edge_padding_high[axis], attributes.interior_padding[axis]));
    empty = empty || extent <= 0;
    result.push_back(extent);
  }
  // As the runtime does: one empty axis empties them all.
  if (empty) std::fill(result.begin(), result.end(), 0);
  return context.set_output(0, context.dtype(0), std::move(result));
}

Status reference(Call& call) {
  const auto& attributes = call.attributes<StablehloPad>();
  const Shape &shape = call.shape(0), &result = call.output(0).shape();
  std::vector<int64_t> from = dense_steps(shape), to = dense_steps(result);
  std::vector<CopyAxis> axes;
  int64_t first = 0, start = 0;
  bool nothing = false;
  for (size_t axis = 0; axis < from.size(); ++axis) {
    int64_t step = attributes.interior_padding[axis] + 1, low = attributes.edge_padding_low[axis];
    int64_t skipped = low < 0 ? (-low - 1) / step + 1 : 0;
    int64_t place = low + skipped * step;
    int64_t room = result[static_cast<int>(axis)] - place;
    int64_t count =
        std::min(shape[static_cast<int>(axis)] - skipped, room > 0 ? (room - 1) / step + 1 : 0);
    if (count <= 0) nothing = true;
    if (nothing) continue;  // places of elements that are not there may be out of bounds
    axes.push_back({count, from[axis], count > 1 ? step * to[axis] : 0});
    first += skipped * from[axis];
    start += place * to[axis];
  }
  ElementCopy copy(call, 0);
  TRY(copy.fill_from(1));
  if (!nothing) TRY(copy.copy(0, axes, first, start));
  return copy.finish();
}

}  // namespace

constinit const AttributesType stablehlo_pad_attributes =
    attributes_type<StablehloPad>(stablehlo_pad_fields, 0, 10);

constinit const OpDef stablehlo_pad = {
    .name = "STABLEHLO_PAD",
    .code = 195,
    .attributes = &stablehlo_pad_attributes,
    .inputs = {{"x", whole_byte_types}, {"value", whole_byte_types}},
    .outputs = {{"y", whole_byte_types}},
    .versions = {{1, "2.16.0"}},
    .infer = infer_stablehlo_pad,
    .reference = reference,
    .doc = "pads around and between elements; negative amounts cut"};

OpTable stablehlo_pad_ops() { return op_table(stablehlo_pad); }

}  // namespace wherry::op
