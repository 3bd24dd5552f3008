// Checks of scales per tensor and per slice.
#include "ops/quantization/channels.h"

#include <cmath>

#include "ops/fixed_point.h"

namespace wherry {

Status check_slices(std::string_view what, const TensorType& type, const Shape& shape) {
  ENSURE(type.quantized(), what, " has type ", type.dtype, " and needs a scale, it has none");
  const Quantization& q = *type.quantization;
  const IntegerRange range = full_range(type.dtype);
  for (float scale : q.scales)
    ENSURE(std::isfinite(scale) && scale > 0, "the scale of ", what,
           " must be positive and finite, got ", scale);
  for (int64_t zero_point : q.zero_points)
    ENSURE(zero_point >= range.min && zero_point <= range.max, "the zero point of ", what, " is ",
           zero_point, ", outside ", type.dtype);
  ENSURE(q.zero_points.size() <= 1 || q.zero_points.size() == q.scales.size(), what, " has ",
         q.scales.size(), " scales and ", q.zero_points.size(), " zero points");
  if (q.scales.size() == 1) return {};
  ENSURE(q.axis >= 0 && q.axis < shape.rank(), what, " has scales along axis ", q.axis,
         ", its shape is ", shape);
  ENSURE(static_cast<int64_t>(q.scales.size()) == shape[q.axis], what, " has ", q.scales.size(),
         " scales for an extent of ", shape[q.axis]);
  return {};
}

}  // namespace wherry
