// TFLite's integer arithmetic for quantised operators, as its reference kernels do it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "base/error.h"
#include "ir/attributes.h"
#include "ir/tensor_type.h"

namespace wherry {

/// A real factor as a 31-bit mantissa and a power of two: factor = mantissa * 2^(shift - 31).
struct FixedMultiplier {
  int32_t mantissa = 0;
  int shift = 0;
};

/// Source of the rule: spec/quantization.md ("QuantizeMultiplier").
FixedMultiplier fixed_multiplier(double factor);

/// High half of 2ab, rounded to nearest (ties away from zero for positive, as the reference does).
inline int32_t rounding_doubling_high_multiply(int32_t a, int32_t b) {
  if (a == b && a == std::numeric_limits<int32_t>::min())
    return std::numeric_limits<int32_t>::max();
  int64_t product = static_cast<int64_t>(a) * b;
  int64_t nudge = product >= 0 ? (int64_t{1} << 30) : 1 - (int64_t{1} << 30);
  return static_cast<int32_t>((product + nudge) / (int64_t{1} << 31));
}

/// x / 2^exponent, rounded to nearest, ties away from zero.
inline int32_t rounding_divide_by_power(int32_t x, int exponent) {
  int32_t mask = static_cast<int32_t>((int64_t{1} << exponent) - 1);
  int32_t remainder = x & mask;
  int32_t threshold = (mask >> 1) + (x < 0 ? 1 : 0);
  return (x >> exponent) + (remainder > threshold ? 1 : 0);
}

/// x * factor with TFLite's double rounding. The left shift wraps as unsigned, like the reference.
inline int32_t multiply(int32_t x, FixedMultiplier factor) {
  int left = std::max(factor.shift, 0), right = std::max(-factor.shift, 0);
  int32_t shifted = static_cast<int32_t>(static_cast<uint32_t>(x) << left);
  return rounding_divide_by_power(rounding_doubling_high_multiply(shifted, factor.mantissa), right);
}

/// As above for a 64-bit accumulator (16x8): the mantissa is reduced to 16 bits, one rounding.
/// Factors of 2^14 and more, which the stock kernels do not define, wrap as unsigned.
inline int32_t multiply(int64_t x, FixedMultiplier factor) {
  int32_t reduced = factor.mantissa < 0x7fff0000 ? (factor.mantissa + (1 << 15)) >> 16 : 0x7fff;
  int total_shift = 15 - factor.shift;
  int64_t product = static_cast<int64_t>(static_cast<uint64_t>(x) *
                                         static_cast<uint64_t>(static_cast<int64_t>(reduced)));
  if (total_shift <= 0) return static_cast<int32_t>(static_cast<uint64_t>(product) << -total_shift);
  int64_t result =
      static_cast<int64_t>(static_cast<uint64_t>(product) + (uint64_t{1} << (total_shift - 1))) >>
      total_shift;
  return static_cast<int32_t>(result);
}

/// Rounds half away from zero and saturates: TFLite's float to integer rule.
template <class T>
T round_to(double value) {
  double rounded = std::round(value);
  if (!(rounded > static_cast<double>(std::numeric_limits<T>::min())))
    return std::isnan(rounded) ? T{0} : std::numeric_limits<T>::min();
  if (rounded >= static_cast<double>(std::numeric_limits<T>::max()))
    return std::numeric_limits<T>::max();
  return static_cast<T>(rounded);
}

struct IntegerRange {
  int32_t min = 0, max = 0;
};
/// All values of an integer type of at most 32 bits.
IntegerRange full_range(DType dtype);
/// The quantised image of an activation's bounds, inside the range of the type.
IntegerRange quantized_activation_range(Activation activation, const TensorType& output);

struct FloatRange {
  float min = -std::numeric_limits<float>::infinity(), max = std::numeric_limits<float>::infinity();
  float clamp(float x) const { return std::min(std::max(x, min), max); }
  bool bounded() const { return std::isfinite(min) || std::isfinite(max); }
};
/// What an activation limits results to. Nothing for tanh and sign_bit: the stock kernels that fuse
/// ranges leave those two out, so a file that asks for them has always run without.
FloatRange activation_range(Activation activation);
/// The same for reference kernels: the stock ones bound every sum by the largest float, infinities
/// included; XNNPACK, which the fast kernels follow, lets infinities pass.
FloatRange finite_activation_range(Activation activation);

}  // namespace wherry
