// Differences to the largest element of a row as SOFTMAX of bytes takes them, in fixed point.
#pragma once

#include "ops/fixed_point_functions.h"

namespace wherry::op {

/// Scaled to 5 integer bits; those below `lowest` are too small to count.
struct ScaledDifferences {
  FixedMultiplier factor;
  int64_t lowest;

  ScaledDifferences(float beta, float scale) {
    double real =
        std::min(static_cast<double>(beta) * static_cast<double>(scale) * (1 << 26), 2147483647.0);
    factor = fixed_multiplier(real);
    lowest = -static_cast<int64_t>(std::floor(std::ldexp(31.0, 26 - factor.shift)));
  }
  Fixed<5> operator()(int32_t difference) const { return {multiply(difference, factor)}; }
};

}  // namespace wherry::op
