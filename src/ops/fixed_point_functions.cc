// exp, reciprocals and inverse square roots in fixed point.
#include "ops/fixed_point_functions.h"

#include <bit>

namespace wherry {
namespace {

/// exp(x) for x in [-1/4, 0): a Taylor polynomial around -1/8.
Fixed<0> exp_near_zero(Fixed<0> x) {
  constexpr Fixed<0> exp_of_minus_eighth{1895147668}, third{715827883};
  Fixed<0> a = x + Fixed<0>{1 << 28};  // x + 1/8
  Fixed<0> a2 = a * a, a3 = a2 * a, a4 = a2 * a2;
  Fixed<0> quarter_of_a4{multiply_by_power(a4.raw, -2)};
  Fixed<0> tail{multiply_by_power(((quarter_of_a4 + a3) * third + a2).raw, -1)};
  return exp_of_minus_eighth + exp_of_minus_eighth * (a + tail);
}

}  // namespace

Fixed<0> fixed_exp(Fixed<5> x) {
  if (x.raw == 0) return Fixed<0>::one();
  constexpr int32_t quarter = 1 << 24;
  // x = rest + a multiple of -1/4, with rest in [-1/4, 0).
  Fixed<5> rest{(x.raw & (quarter - 1)) - quarter};
  Fixed<0> result = exp_near_zero(rest.rescaled<0>());
  int32_t steps = (rest - x).raw;
  // exp(-1/4), exp(-1/2), exp(-1), ... exp(-16)
  constexpr int32_t powers[] = {1672461947, 1302514674, 790015084, 290630308,
                                39332535,   720401,     242};
  for (int i = 0; i < 7; ++i) {
    if (steps & (quarter << i)) result = result * Fixed<0>{powers[i]};
  }
  return result;
}

Fixed<0> fixed_inverse_of_one_plus(Fixed<0> x) {
  int64_t sum = int64_t{x.raw} + Fixed<0>::one().raw;
  Fixed<0> half_denominator{static_cast<int32_t>((sum + (sum >= 0 ? 1 : -1)) / 2)};
  // Newton's iteration from the best line through [1/2, 1]: 48/17 - 32/17 x.
  constexpr Fixed<2> intercept{1515870810}, slope{-1010580540};
  Fixed<2> inverse = intercept + half_denominator * slope;
  for (int i = 0; i < 3; ++i) {
    Fixed<2> missing = Fixed<2>::one() - half_denominator * inverse;
    inverse = inverse + (inverse * missing).rescaled<2>();
  }
  return Fixed<1>{inverse.raw}.rescaled<0>();
}

FixedReciprocal fixed_reciprocal(uint64_t raw) {
  int excess = std::max(0, static_cast<int>(std::bit_width(raw)) - 32);
  uint32_t value = static_cast<uint32_t>(raw >> excess);
  int headroom = std::countl_zero(value);
  int32_t minus_one = static_cast<int32_t>((value << headroom) - (uint32_t{1} << 31));
  return {fixed_inverse_of_one_plus({minus_one}), 12 - headroom + excess};
}

FixedMultiplier fixed_inverse_square_root(int32_t x) {
  if (x <= 1) return {std::numeric_limits<int32_t>::max(), 0};
  int shift = 11;
  for (; x >= (1 << 29); ++shift) x /= 4;
  int pairs = (std::countl_zero(static_cast<uint32_t>(x)) - 1) / 2 - 1;
  shift -= pairs;
  x <<= 2 * pairs;
  Fixed<3> value{x >> 1}, half{multiply_by_power(value.raw, -1)};
  constexpr Fixed<3> three_halves{(1 << 28) + (1 << 27)};
  Fixed<3> root = Fixed<3>::one();
  for (int i = 0; i < 5; ++i) {
    Fixed<3> cube = (root * root * root).rescaled<3>();
    root = (three_halves * root - half * cube).rescaled<3>();
  }
  constexpr Fixed<0> half_root_of_two{1518500250};
  int32_t mantissa = (root * half_root_of_two).raw;
  if (shift < 0) {
    mantissa = static_cast<int32_t>(static_cast<uint32_t>(mantissa) << -shift);
    shift = 0;
  }
  return {mantissa, -shift};
}

}  // namespace wherry
