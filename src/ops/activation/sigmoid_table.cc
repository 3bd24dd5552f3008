// Computes the sigmoid table and the way into it.
#include "ops/activation/sigmoid_table.h"

#include <algorithm>
#include <cmath>

namespace wherry {

const std::array<uint16_t, 256>& sigmoid_table() {
  static const std::array<uint16_t, 256> table = [] {
    auto sigmoid = [](double x) { return 1 / (1 + std::exp(-x)); };
    std::array<uint16_t, 256> entries{};
    for (int i = 0; i < 255; ++i) {
      double here = sigmoid(i / 24.0), next = sigmoid((i + 1) / 24.0);
      double error = (here + next) / 2 - sigmoid((i + 0.5) / 24);
      entries[static_cast<size_t>(i)] =
          static_cast<uint16_t>(std::lround((here - error / 2) * 65536));
    }
    entries[255] = 65535;
    return entries;
  }();
  return table;
}

int32_t TableInput::position(int16_t x) const {
  int64_t rounding = shift > 0 ? int64_t{1} << (shift - 1) : 0;
  int64_t value = (x * multiplier + rounding) >> shift;
  return static_cast<int32_t>(std::clamp<int64_t>(value, -(1 << 30), 1 << 30));
}

bool exponent_of_two(float scale, int& exponent) {
  float logarithm = std::log(scale) * (1.0f / std::log(2.0f));
  float rounded = std::round(logarithm);
  exponent = static_cast<int>(rounded);
  return std::abs(logarithm - rounded) < 1e-3f;
}

TableInput table_input(float scale, bool allow_double) {
  int exponent;
  if (exponent_of_two(scale, exponent) && (exponent == -12 || (allow_double && exponent == -11)))
    return {int64_t{3} << (exponent + 12), 0};
  double multiplier = static_cast<double>(scale) * 4096.0 * 3.0;
  TableInput result;
  while (multiplier <= 32767.0 / 2 && result.shift <= 30) {
    ++result.shift;
    multiplier *= 2;
  }
  result.multiplier = static_cast<int64_t>(std::min(multiplier, 2147483647.0));
  return result;
}

}  // namespace wherry
