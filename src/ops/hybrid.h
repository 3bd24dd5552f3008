// Quantises float activations while running, for operators with float inputs and integer weights.
#pragma once

#include <cstdint>
#include <span>

namespace wherry {

/// real = (stored - zero_point) * scale
struct RowScale {
  float scale = 1;
  int32_t zero_point = 0;
};

/// To [-127, 127] by the largest magnitude; zero point 0.
RowScale quantize_symmetric(std::span<const float> row, int8_t* stored);
/// To [-128, 127] by the range, widened to include 0.
RowScale quantize_asymmetric(std::span<const float> row, int8_t* stored);

}  // namespace wherry
