// Checks of scales and zero points, and the factors between quantised scales.
#include "ops/requantization.h"

namespace wherry {
namespace {

Status check_zero_points(std::string_view what, const TensorType& type) {
  IntegerRange range = full_range(type.dtype);
  for (int64_t zero_point : type.quantization->zero_points) {
    ENSURE(zero_point >= range.min && zero_point <= range.max, "the zero point of ", what, " is ",
           zero_point, ", outside ", type.dtype);
  }
  return {};
}

Status check_scales(std::string_view what, const TensorType& type) {
  ENSURE(type.quantized(), what, " has type ", type.dtype, " and needs a scale, it has none");
  for (float scale : type.quantization->scales) {
    ENSURE(std::isfinite(scale) && scale > 0, "the scale of ", what,
           " must be positive and finite, got ", scale);
  }
  return check_zero_points(what, type);
}

}  // namespace

Status check_one_scale(std::string_view what, const TensorType& type) {
  TRY(check_scales(what, type));
  size_t count = type.quantization->scales.size();
  ENSURE(count == 1, what, " needs one scale for the whole tensor, got ", count);
  return {};
}

Status check_channel_scales(std::string_view what, const TensorType& type, int axis) {
  TRY(check_scales(what, type));
  size_t count = type.quantization->scales.size();
  if (count == 1) return {};
  ENSURE(type.quantization->axis == axis, "the scales of ", what, " must lie along axis ", axis,
         ", the model puts them along axis ", type.quantization->axis);
  ENSURE(static_cast<int64_t>(count) == type.shape[axis], what, " has ", count, " scales for ",
         type.shape[axis], " channels");
  for (int64_t zero_point : type.quantization->zero_points)
    ENSURE(zero_point == 0, what, " has a scale per channel and then needs zero points 0, got ",
           zero_point);
  return {};
}

Status check_symmetric(std::string_view what, const TensorType& type) {
  for (int64_t zero_point : type.quantization->zero_points)
    ENSURE(zero_point == 0, what, " of type ", type.dtype, " needs the zero point 0, got ",
           zero_point);
  return {};
}

Expected<Requantization> Requantization::of(const TensorType& x, const TensorType& weights,
                                            const TensorType& y, Activation activation, Rule rule) {
  Requantization result;
  result.rule_ = rule;
  result.zero_point_ = y.zero_point();
  result.range_ = quantized_activation_range(activation, y);
  for (float scale : weights.quantization->scales) {
    double product = rule.product == ScaleProduct::in_float
                         ? static_cast<double>(x.scale() * scale)
                         : static_cast<double>(x.scale()) * static_cast<double>(scale);
    double factor = product / static_cast<double>(y.scale());
    // Beyond this the 64-bit form of the multiplication has no bits left to round.
    ENSURE(factor < 16384, "the scales ", x.scale(), " of the input, ", scale,
           " of the weights and ", y.scale(), " of the output are too far apart");
    result.factors_.push_back(factor);
    result.multipliers_.push_back(fixed_multiplier(factor));
  }
  return result;
}

int64_t Requantization::multiply_ties_up(int64_t sum, FixedMultiplier factor) {
  if (factor.shift >= 0) return multiply(static_cast<int32_t>(sum), factor);
  int64_t high = multiply(static_cast<int32_t>(sum), {factor.mantissa, 0});
  return (high + (int64_t{1} << (-factor.shift - 1))) >> -factor.shift;
}

}  // namespace wherry
