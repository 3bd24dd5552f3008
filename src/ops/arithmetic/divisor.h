// Integer division without undefined results: zero divisors are errors, the one overflow wraps.
#pragma once

#include "ops/elementwise.h"

namespace wherry {

/// An error when an element of input 1 is `zero`.
template <class T>
Status check_divisors(const Call& call, T zero) {
  std::span<const T> divisors = call.input(1).span<const T>();
  for (size_t i = 0; i < divisors.size(); ++i)
    ENSURE(divisors[i] != zero, call.node().op->name, " by zero at element ", i, " of input 1");
  return {};
}

template <class T>
T wrapping_divide(T a, T b) {
  return b == T(-1) ? static_cast<T>(0 - static_cast<uint64_t>(a)) : static_cast<T>(a / b);
}

/// Rounded towards minus infinity.
template <class T>
T floor_divide(T a, T b) {
  T quotient = wrapping_divide(a, b);
  if (b == T(-1)) return quotient;
  return static_cast<T>(quotient - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0));
}

/// a - floor(a / b) * b: has the sign of b.
template <class T>
T floor_remainder(T a, T b) {
  if (b == T(-1)) return 0;
  T rest = static_cast<T>(a % b);
  return rest != 0 && (rest < 0) != (b < 0) ? static_cast<T>(rest + b) : rest;
}

}  // namespace wherry
