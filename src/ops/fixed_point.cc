// Multipliers and activation ranges of quantised operators.
#include "ops/fixed_point.h"

namespace wherry {

FixedMultiplier fixed_multiplier(double factor) {
  if (!(factor != 0) || !std::isfinite(factor)) return {};
  FixedMultiplier result;
  double mantissa = std::frexp(factor, &result.shift);
  int64_t fixed =
      static_cast<int64_t>(std::round(mantissa * static_cast<double>(int64_t{1} << 31)));
  if (fixed == int64_t{1} << 31) {
    fixed /= 2;
    ++result.shift;
  }
  if (result.shift < -31) return {};
  if (result.shift > 30) return {std::numeric_limits<int32_t>::max(), 30};
  result.mantissa = static_cast<int32_t>(fixed);
  return result;
}

IntegerRange full_range(DType dtype) {
  switch (dtype) {
    case DType::i8:
      return {-128, 127};
    case DType::u8:
      return {0, 255};
    case DType::i16:
      return {-32768, 32767};
    case DType::i4:
      return {-8, 7};
    case DType::u4:
      return {0, 15};
    case DType::i2:
      return {-2, 1};
    default:
      return {std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max()};
  }
}

FloatRange activation_range(Activation activation) {
  switch (activation) {
    case Activation::relu:
      return {.min = 0};
    case Activation::relu_n1_to_1:
      return {-1, 1};
    case Activation::relu6:
      return {0, 6};
    default:
      return {};
  }
}

FloatRange finite_activation_range(Activation activation) {
  constexpr float largest = std::numeric_limits<float>::max();
  FloatRange range = activation_range(activation);
  return {std::max(range.min, -largest), std::min(range.max, largest)};
}

IntegerRange quantized_activation_range(Activation activation, const TensorType& output) {
  FloatRange bounds = activation_range(activation);
  IntegerRange range = full_range(output.dtype);
  float scale = output.scale();
  int32_t zero_point = output.zero_point();
  auto image = [&](float bound) {
    double q = zero_point + std::round(static_cast<double>(bound / scale));
    return static_cast<int32_t>(std::clamp(q, -2147483648.0, 2147483647.0));
  };
  if (std::isfinite(bounds.min)) range.min = std::max(range.min, image(bounds.min));
  if (std::isfinite(bounds.max)) range.max = std::min(range.max, image(bounds.max));
  return range;
}

}  // namespace wherry
