// STABLEHLO_GATHER: windows of a tensor at places given by index vectors.
#include "ops/stablehlo/stablehlo_gather.h"

#include "ops/element_copy.h"
#include "ops/registry.h"
#include "ops/stablehlo/axis_lists.h"

namespace wherry::op {
namespace {

constexpr Field stablehlo_gather_fields[] = {
    field<&StablehloGather::offset_dims>("offset_dims", 0),
    field<&StablehloGather::collapsed_slice_dims>("collapsed_slice_dims", 1),
    field<&StablehloGather::start_index_map>("start_index_map", 2),
    field<&StablehloGather::index_vector_dim>("index_vector_dim", 3),
    field<&StablehloGather::slice_sizes>("slice_sizes", 4),
    field<&StablehloGather::indices_are_sorted>("indices_are_sorted", 5)};

Status check_slices(const InferContext& context, const StablehloGather& a) {
  const Shape& operand = context.shape(0);
  ENSURE(static_cast<int>(a.slice_sizes.size()) == operand.rank(), "STABLEHLO_GATHER of the shape ",
         operand, " got the slice sizes ", a.slice_sizes);
  for (int axis = 0; axis < operand.rank(); ++axis) {
    int64_t size = a.slice_sizes[static_cast<size_t>(axis)];
    int64_t limit = names_axis(a.collapsed_slice_dims, axis) ? std::min<int64_t>(operand[axis], 1)
                                                             : operand[axis];
    ENSURE(size >= 0 && size <= limit, "STABLEHLO_GATHER cannot cut slices of ", a.slice_sizes,
           " out of the shape ", operand, " and drop the axes ", a.collapsed_slice_dims);
  }
  return {};
}

Status infer_stablehlo_gather(InferContext& context) {
  const auto& a = context.attributes<StablehloGather>();
  const Shape &operand = context.shape(0), &indices = context.shape(1);
  ENSURE(a.index_vector_dim >= 0 && a.index_vector_dim <= indices.rank(),
         "STABLEHLO_GATHER got the index vector axis ", a.index_vector_dim, " for indices of rank ",
         indices.rank());
  IndexBatch batch(indices, a.index_vector_dim);
  int64_t rank = batch.batch().rank() + static_cast<int64_t>(a.offset_dims.size());
  TRY(check_axes(a.offset_dims, rank, true, "offset axes"));
  TRY(check_axes(a.collapsed_slice_dims, operand.rank(), true, "collapsed axes"));
  TRY(check_axes(a.start_index_map, operand.rank(), false, "start index axes"));
  TRY(check_slices(context, a));
  ENSURE(batch.depth() == static_cast<int64_t>(a.start_index_map.size()) &&
             a.offset_dims.size() + a.collapsed_slice_dims.size() == a.slice_sizes.size(),
         "STABLEHLO_GATHER of the shape ", operand, " with indices of shape ", indices,
         " does not fit its options");
  std::vector<int64_t> kept;
  for (size_t axis = 0; axis < a.slice_sizes.size(); ++axis) {
    if (!names_axis(a.collapsed_slice_dims, static_cast<int64_t>(axis)))
      kept.push_back(a.slice_sizes[axis]);
  }
  Shape result;
  size_t offsets = 0;
  int batches = 0;
  for (int64_t axis = 0; axis < rank; ++axis)
    result.push_back(names_axis(a.offset_dims, axis) ? kept[offsets++] : batch.batch()[batches++]);
  return context.set_output(0, context.dtype(0), std::move(result));
}

/// Where the windows go: steps of the result along the batch axes and along the window's axes.
struct Layout {
  std::vector<int64_t> batch_steps;
  std::vector<CopyAxis> window;
};

Layout layout_of(const StablehloGather& a, const Shape& operand, const Shape& result) {
  Layout layout;
  std::vector<int64_t> from = dense_steps(operand), to = dense_steps(result), window_steps;
  for (int64_t axis = 0; axis < result.rank(); ++axis) {
    bool in_window = names_axis(a.offset_dims, axis);
    (in_window ? window_steps : layout.batch_steps).push_back(to[static_cast<size_t>(axis)]);
  }
  size_t next = 0;
  for (size_t axis = 0; axis < from.size(); ++axis) {
    bool dropped = names_axis(a.collapsed_slice_dims, static_cast<int64_t>(axis));
    layout.window.push_back({a.slice_sizes[axis], from[axis], dropped ? 0 : window_steps[next++]});
  }
  return layout;
}

Status reference(Call& call) {
  const auto& a = call.attributes<StablehloGather>();
  const Shape& operand = call.shape(0);
  IndexBatch batch(call.shape(1), a.index_vector_dim);
  Layout layout = layout_of(a, operand, call.output(0).shape());
  std::vector<int64_t> steps = dense_steps(operand);
  ElementCopy copy(call, 0);
  int64_t count = call.output(0).elements() ? batch.batch().elements() : 0;
  for (int64_t i = 0; i < count; ++i) {
    int64_t from = 0, to = 0, rest = i;
    for (size_t k = 0; k < a.start_index_map.size(); ++k) {
      size_t axis = static_cast<size_t>(a.start_index_map[k]);
      int64_t last = operand[static_cast<int>(axis)] - a.slice_sizes[axis];
      int64_t index = batch.at(call.input(1), i, static_cast<int64_t>(k));
      from += std::clamp<int64_t>(index, 0, last) * steps[axis];
    }
    for (int k = batch.batch().rank(); k-- > 0; rest /= batch.batch()[k])
      to += rest % batch.batch()[k] * layout.batch_steps[static_cast<size_t>(k)];
    TRY(copy.copy(0, layout.window, from, to));
  }
  return copy.finish();
}

}  // namespace

constinit const AttributesType stablehlo_gather_attributes =
    attributes_type<StablehloGather>(stablehlo_gather_fields, 0, 16);

constinit const OpDef stablehlo_gather = {
    .name = "STABLEHLO_GATHER",
    .code = 201,
    .attributes = &stablehlo_gather_attributes,
    .inputs = {{"operand", whole_byte_types}, {"start", one_of(DType::i32, DType::i64)}},
    .outputs = {{"y", whole_byte_types}},
    .versions = {{1, "2.16.0"}},
    .infer = infer_stablehlo_gather,
    .reference = reference,
    .doc = "windows of a tensor at places given by index vectors, moved inside where needed"};

OpTable stablehlo_gather_ops() { return op_table(stablehlo_gather); }

}  // namespace wherry::op
