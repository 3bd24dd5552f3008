// exp, reciprocals and inverse square roots in fixed point, as TFLite's reference kernels compute
// them (after gemmlowp's definitions). A number of type Fixed<n> has n integer bits: its value is
// raw / 2^(31 - n).
#pragma once

#include "ops/fixed_point.h"

namespace wherry {

/// x * 2^exponent: rounded when it gets smaller, saturated when it gets larger.
inline int32_t multiply_by_power(int32_t x, int exponent) {
  if (exponent <= 0) return rounding_divide_by_power(x, -exponent);
  int64_t limit = int64_t{std::numeric_limits<int32_t>::max()};
  return static_cast<int32_t>(std::clamp(int64_t{x} * (int64_t{1} << exponent), -limit - 1, limit));
}

template <int integer_bits>
struct Fixed {
  int32_t raw = 0;

  static constexpr Fixed one() {
    if constexpr (integer_bits == 0)
      return {std::numeric_limits<int32_t>::max()};
    else
      return {int32_t{1} << (31 - integer_bits)};
  }
  template <int to_bits>
  Fixed<to_bits> rescaled() const {
    return {multiply_by_power(raw, integer_bits - to_bits)};
  }
  /// Sums wrap.
  friend Fixed operator+(Fixed a, Fixed b) {
    return {static_cast<int32_t>(static_cast<uint32_t>(a.raw) + static_cast<uint32_t>(b.raw))};
  }
  friend Fixed operator-(Fixed a, Fixed b) {
    return {static_cast<int32_t>(static_cast<uint32_t>(a.raw) - static_cast<uint32_t>(b.raw))};
  }
};
template <int a_bits, int b_bits>
Fixed<a_bits + b_bits> operator*(Fixed<a_bits> a, Fixed<b_bits> b) {
  return {rounding_doubling_high_multiply(a.raw, b.raw)};
}

/// exp(x) for x <= 0 with 5 integer bits.
Fixed<0> fixed_exp(Fixed<5> x);
/// 1 / (1 + x) for x in [0, 1].
Fixed<0> fixed_inverse_of_one_plus(Fixed<0> x);

struct FixedReciprocal {
  Fixed<0> scale;  ///< 1 / x = scale / 2^bits_over_unit
  int bits_over_unit;
};
/// x = raw / 2^19 > 0; wider than 32 bits because sums of many exponentials are.
FixedReciprocal fixed_reciprocal(uint64_t raw);
/// 1 / sqrt(x) of a plain integer.
FixedMultiplier fixed_inverse_square_root(int32_t x);

}  // namespace wherry
