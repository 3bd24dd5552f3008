// Symmetric and asymmetric quantisation of a row of floats, as TFLite's hybrid kernels do it.
#include "ops/hybrid.h"

#include "ops/fixed_point.h"

namespace wherry {
namespace {

struct Bounds {
  float min = 0, max = 0;
};

/// Includes 0; NaN elements do not count.
Bounds bounds_of(std::span<const float> row) {
  Bounds bounds;
  for (float x : row) {
    bounds.min = std::min(bounds.min, x);
    bounds.max = std::max(bounds.max, x);
  }
  return bounds;
}

int8_t stored_of(float scaled, int32_t zero_point, int32_t lowest) {
  int64_t value = int64_t{round_to<int32_t>(static_cast<double>(scaled))} + zero_point;
  return static_cast<int8_t>(std::clamp<int64_t>(value, lowest, 127));
}

}  // namespace

RowScale quantize_symmetric(std::span<const float> row, int8_t* stored) {
  Bounds bounds = bounds_of(row);
  float range = std::max(-bounds.min, bounds.max);
  if (range == 0) {
    std::fill_n(stored, row.size(), int8_t{0});
    return {};
  }
  float inverse = 127.0f / range;
  for (size_t i = 0; i < row.size(); ++i) stored[i] = stored_of(row[i] * inverse, 0, -127);
  return {range / 127.0f, 0};
}

RowScale quantize_asymmetric(std::span<const float> row, int8_t* stored) {
  Bounds bounds = bounds_of(row);
  double low = static_cast<double>(bounds.min), high = static_cast<double>(bounds.max);
  if (low == high) {
    std::fill_n(stored, row.size(), int8_t{0});
    return {};
  }
  double scale = (high - low) / 255.0;
  // Two candidates for the zero point; the one with the smaller rounding error is taken.
  double from_low = -128.0 - low / scale, from_high = 127.0 - high / scale;
  double error_low = 128.0 + std::abs(low / scale), error_high = 127.0 + std::abs(high / scale);
  double candidate = error_low < error_high ? from_low : from_high;
  RowScale result{static_cast<float>(scale), round_to<int8_t>(candidate)};
  float inverse = 1.0f / result.scale;
  for (size_t i = 0; i < row.size(); ++i)
    stored[i] = stored_of(row[i] * inverse, result.zero_point, -128);
  return result;
}

}  // namespace wherry
