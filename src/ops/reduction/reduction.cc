// Axes and shapes of operators that reduce.
#include "ops/reduction/reduction.h"

namespace wherry::op {
namespace {

constexpr Field reducer_fields[] = {field<&Reducer::keep_dims>("keep_dims", 0)};

/// By axis: is it reduced? Scalars have no axes; whatever the file says of them is ignored.
Expected<std::vector<bool>> reduced_axes(int rank, const std::vector<int64_t>& axes) {
  std::vector<bool> reduced(static_cast<size_t>(rank), false);
  if (rank == 0) return reduced;
  for (int64_t axis : axes)
    reduced[static_cast<size_t>(TRY(resolve_axis(axis, rank, "axis to reduce")))] = true;
  return reduced;
}

}  // namespace

constinit const AttributesType reducer_attributes = attributes_type<Reducer>(reducer_fields, 27);

Status infer_reduction(InferContext& context) {
  const Shape& x = context.shape(0);
  std::vector<bool> reduced = TRY(reduced_axes(x.rank(), TRY(context.integers(1))));
  Shape result;
  for (int axis = 0; axis < x.rank(); ++axis) {
    if (!reduced[static_cast<size_t>(axis)])
      result.push_back(x[axis]);
    else if (context.attributes<Reducer>().keep_dims)
      result.push_back(1);
  }
  return context.set_output(0, context.dtype(0), std::move(result));
}

Expected<Reduction> reduction_of(const Shape& x, const std::vector<int64_t>& axes) {
  std::vector<bool> reduced = TRY(reduced_axes(x.rank(), axes));
  Reduction result{x};
  for (int axis = 0; axis < x.rank(); ++axis) {
    if (!reduced[static_cast<size_t>(axis)]) continue;
    result.count *= x[axis];
    result.kept[axis] = 1;
  }
  return result;
}

}  // namespace wherry::op
