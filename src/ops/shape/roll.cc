// Roll: elements moved along axes, those that leave at one end come in at the other.
#include "ops/shape/roll.h"

#include "ops/element_copy.h"
#include "ops/opaque.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet rolled_types = whole_byte_types | one_of(DType::string);
constexpr TypeSet index_types = one_of(DType::i32, DType::i64);

/// How far each axis of `shape` is rolled, from 0 to its extent; an axis may be named twice.
Expected<std::vector<int64_t>> offsets_of(const Shape& shape, const std::vector<int64_t>& shifts,
                                          const std::vector<int64_t>& axes) {
  std::vector<int64_t> offsets(static_cast<size_t>(shape.rank()), 0);
  for (size_t i = 0; i < axes.size(); ++i) {
    auto axis = static_cast<size_t>(TRY(resolve_axis(axes[i], shape.rank(), "axis of Roll")));
    int64_t extent = shape[static_cast<int>(axis)];
    if (extent == 0) continue;
    int64_t shift = shifts[i] % extent;
    offsets[axis] = (offsets[axis] + shift + extent) % extent;
  }
  return offsets;
}

Status infer_roll(InferContext& context) {
  const Shape &shifts = context.shape(1), &axes = context.shape(2);
  ENSURE(shifts.rank() <= 1 && axes.rank() <= 1 && shifts.elements() == axes.elements(),
         "Roll needs a shift for each axis, got the shapes ", shifts, " and ", axes);
  if (context.is_known(1) && context.is_known(2))
    TRY(offsets_of(context.shape(0), TRY(context.integers(1)), TRY(context.integers(2))));
  return context.set_output(0, context.dtype(0), context.shape(0));
}

/// Rolling one axis is two boxes that change places; of n axes, 2^n.
Status copy_boxes(ElementCopy& copy, const Shape& shape, const std::vector<int64_t>& offsets) {
  std::vector<int64_t> steps = dense_steps(shape);
  std::vector<size_t> rolled;
  for (size_t axis = 0; axis < offsets.size(); ++axis) {
    if (offsets[axis] != 0) rolled.push_back(axis);
  }
  for (size_t box = 0; box < size_t{1} << rolled.size(); ++box) {
    std::vector<CopyAxis> axes;
    for (size_t axis = 0; axis < steps.size(); ++axis)
      axes.push_back({shape[static_cast<int>(axis)], steps[axis], steps[axis]});
    int64_t from = 0, to = 0;
    for (size_t i = 0; i < rolled.size(); ++i) {
      size_t axis = rolled[i];
      int64_t kept = axes[axis].extent - offsets[axis];
      bool comes_in = box >> i & 1;
      axes[axis].extent = comes_in ? offsets[axis] : kept;
      (comes_in ? from : to) += (comes_in ? kept : offsets[axis]) * steps[axis];
    }
    TRY(copy.copy(0, axes, from, to));
  }
  return {};
}

Status reference(Call& call) {
  const Shape& shape = call.shape(0);
  std::vector<int64_t> offsets = TRY(offsets_of(shape, call.integers(1), call.integers(2)));
  ElementCopy copy(call, 0);
  if (shape.elements() > 0) TRY(copy_boxes(copy, shape, offsets));
  return copy.finish();
}

}  // namespace

constinit const OpDef roll = {
    .name = "Roll",
    .attributes = &custom_attributes,
    .inputs = {{"x", rolled_types}, {"shift", index_types}, {"axis", index_types}},
    .outputs = {{"y", rolled_types}},
    .versions = {{1}},
    .infer = infer_roll,
    .reference = reference,
    .doc = "elements moved along axes; those that leave at one end come in at the other"};

OpTable roll_ops() { return op_table(roll); }

}  // namespace wherry::op
