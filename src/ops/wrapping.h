// Sums, differences and products that wrap around on integers, as the runtime's do in effect.
#pragma once

#include <type_traits>

#include "base/half.h"
#include "ir/truth.h"

namespace wherry {

template <class T>
T wrapping_add(T a, T b) {
  if constexpr (std::is_same_v<T, Truth>) {
    return a || b;
  } else if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
  } else {
    return T(a + b);
  }
}

template <class T>
T wrapping_subtract(T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
  } else {
    return T(a - b);
  }
}

template <class T>
T wrapping_multiply(T a, T b) {
  if constexpr (std::is_same_v<T, Truth>) {
    return a && b;
  } else if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
  } else {
    return T(a * b);
  }
}

}  // namespace wherry
