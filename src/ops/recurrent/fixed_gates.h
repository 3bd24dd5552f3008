// The functions of integer LSTM gates: 16-bit fixed point, to the last bit as TFLite computes them.
#pragma once

#include "ops/fixed_point.h"

namespace wherry::recurrent {

/// 1 / (1 + exp(-x)) with 15 fractional bits, of x with 3 integer and 12 fractional bits.
int16_t fixed_logistic(int16_t x);
/// tanh(x) with 15 fractional bits, of x with `integer_bits` (0 to 6) and 15 - integer_bits
/// fractional bits.
int16_t fixed_tanh(int16_t x, int integer_bits);
/// The same of x * 2^exponent. (The stock function computes nothing outside 0 to 6 integer bits.)
int16_t fixed_tanh_of_scaled(int16_t x, int exponent);

/// a * b of numbers with 15 fractional bits, rounded to nearest.
inline int16_t rounding_doubling_high_multiply16(int16_t a, int16_t b) {
  if (a == b && a == INT16_MIN) return INT16_MAX;
  int32_t product = int32_t{a} * b;
  int32_t nudge = product >= 0 ? (1 << 14) : 1 - (1 << 14);
  return static_cast<int16_t>((product + nudge) / (1 << 15));
}
/// x * 2^exponent, saturated.
inline int16_t saturating_shift16(int16_t x, int exponent) {
  int32_t limit = (1 << (15 - exponent)) - 1;
  return static_cast<int16_t>(x > limit    ? INT16_MAX
                              : x < -limit ? INT16_MIN
                                           : int32_t{x} * (1 << exponent));
}
inline int16_t saturated16(int32_t x) { return static_cast<int16_t>(std::clamp(x, -32768, 32767)); }

}  // namespace wherry::recurrent
