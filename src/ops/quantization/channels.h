// Scales of a whole tensor or of its slices along one axis, ready to be looked up by element.
#pragma once

#include "ops/context.h"

namespace wherry {

/// Checks that a quantised tensor has one scale, or one per slice along an axis of its own; that
/// scales are positive and finite, and zero points inside `range_of`'s element type.
Status check_slices(std::string_view what, const TensorType& type, const Shape& shape);

/// f(first element, count, scale, zero point) for each run of elements with one scale, in order.
template <class F>
void for_each_slice(const TensorType& type, const Shape& shape, F&& f) {
  const Quantization& q = *type.quantization;
  auto zero_point = [&](size_t i) {
    return static_cast<int32_t>(q.zero_points.empty()       ? 0
                                : q.zero_points.size() == 1 ? q.zero_points[0]
                                                            : q.zero_points[i]);
  };
  if (q.scales.size() == 1) {
    f(int64_t{0}, shape.elements(), q.scales[0], zero_point(0));
    return;
  }
  const int64_t inner = shape.product(q.axis + 1, shape.rank());
  const int64_t runs = shape.product(0, q.axis + 1);
  for (int64_t run = 0; run < runs; ++run) {
    auto i = static_cast<size_t>(run) % q.scales.size();
    f(run * inner, inner, q.scales[i], zero_point(i));
  }
}

}  // namespace wherry
