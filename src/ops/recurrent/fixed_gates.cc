// Exponential, logistic and tanh of 16-bit fixed-point numbers.
#include "ops/recurrent/fixed_gates.h"

namespace wherry::recurrent {
namespace {

/// A constant given with 31 - n fractional bits, rounded to 15 - n.
constexpr int16_t constant16(int32_t raw) {
  int64_t half = raw >= 0 ? 1 << 15 : -(1 << 15);
  return static_cast<int16_t>((int64_t{raw} + half) / (1 << 16));
}

int16_t add(int16_t a, int16_t b) { return static_cast<int16_t>(a + b); }
int16_t subtract(int16_t a, int16_t b) { return static_cast<int16_t>(a - b); }
int16_t times(int16_t a, int16_t b) { return rounding_doubling_high_multiply16(a, b); }
int16_t divided(int16_t a, int exponent) {
  return static_cast<int16_t>(rounding_divide_by_power(a, exponent));
}

/// exp(a) for a in [-1/4, 0): the Taylor series around -1/8.
int16_t exp_of_small(int16_t a) {
  constexpr int16_t exp_of_minus_eighth = constant16(1895147668), third = constant16(715827883);
  int16_t x = add(a, 1 << 12);
  int16_t x2 = times(x, x), x3 = times(x2, x), x4 = times(x2, x2);
  int16_t tail = divided(add(times(add(divided(x4, 2), x3), third), x2), 1);
  return saturated16(exp_of_minus_eighth + times(exp_of_minus_eighth, add(x, tail)));
}

/// exp(a) for a <= 0: the last quarter by the series, the rest by a factor for each power of two.
int16_t exp_of_negative(int16_t a, int integer_bits) {
  constexpr int16_t factors[] = {
      constant16(1672461947), constant16(1302514674), constant16(790015084), constant16(290630308),
      constant16(39332535),   constant16(720401),     constant16(242)};
  if (a == 0) return INT16_MAX;
  int fraction_bits = 15 - integer_bits;
  if (integer_bits > 5 && a < -(1 << (20 - integer_bits))) return 0;
  int16_t quarter = static_cast<int16_t>(1 << (fraction_bits - 2));
  int16_t small = subtract(static_cast<int16_t>(a & (quarter - 1)), quarter);
  int16_t result = exp_of_small(saturating_shift16(small, integer_bits));
  int32_t rest = small - a;
  for (int exponent = -2; exponent < std::min(integer_bits, 5); ++exponent) {
    if (rest & (1 << (fraction_bits + exponent))) result = times(result, factors[exponent + 2]);
  }
  return result;
}

/// 2 / (1 + a) with 2 integer bits for a in [0, 1], by Newton's division.
int16_t two_over_one_plus(int16_t a) {
  constexpr int16_t start = constant16(1515870810), slope = constant16(-1010580540);
  int16_t half_denominator = static_cast<int16_t>((a + INT16_MAX + 1) / 2);
  int16_t x = add(start, times(half_denominator, slope));
  for (int i = 0; i < 3; ++i) {
    int16_t rest = subtract(1 << 13, times(half_denominator, x));
    x = add(x, saturating_shift16(times(x, rest), 2));
  }
  return x;
}

int16_t negative_magnitude(int16_t x) { return x > 0 ? static_cast<int16_t>(-x) : x; }

}  // namespace

int16_t fixed_logistic(int16_t x) {
  if (x == 0) return 1 << 14;
  int16_t positive =
      saturating_shift16(two_over_one_plus(exp_of_negative(negative_magnitude(x), 3)), 1);
  return x > 0 ? positive : subtract(INT16_MAX, positive);
}

int16_t fixed_tanh(int16_t x, int integer_bits) {
  if (x == 0) return 0;
  // (1 - e) / (1 + e) = 2 / (1 + e) - 1 with e = exp(-2|x|); the 2 only moves the binary point.
  int16_t e = exp_of_negative(negative_magnitude(x), integer_bits + 1);
  int16_t result = saturating_shift16(subtract(two_over_one_plus(e), 1 << 13), 2);
  return x < 0 ? static_cast<int16_t>(-result) : result;
}

int16_t fixed_tanh_of_scaled(int16_t x, int exponent) {
  int bits = exponent + 15;
  if (bits < 0) return fixed_tanh(divided(x, -bits), 0);
  if (bits > 6) return fixed_tanh(saturating_shift16(x, bits - 6), 6);
  return fixed_tanh(x, bits);
}

}  // namespace wherry::recurrent
