// A function of int16 numbers as 513 interpolated entries, made with double arithmetic.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace wherry {

class Int16Table {
 public:
  /// Covers x_scale * (stored - x_zero_point) for every stored int16; results have the scale
  /// y_scale and zero point 0.
  Int16Table(double (*function)(double), double x_scale, int32_t x_zero_point, double y_scale);
  int16_t operator()(int16_t x) const {
    size_t index = static_cast<size_t>(256 + (x >> 7));
    int32_t slope = entries_[index + 1] - entries_[index];
    return static_cast<int16_t>(entries_[index] + ((slope * (x & 0x7f) + 64) >> 7));
  }

 private:
  std::array<int16_t, 513> entries_;
};

}  // namespace wherry
