// Every form of quantisation against plain formulas.
#include "kernels/quantize/quantize.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/half.h"
#include "kernels/test_data.h"

namespace wherry::kernels {
namespace {

TEST(Quantize, RoundsTiesAwayFromZeroAndSaturates) {
  TestData data(1);
  std::vector<float> x = data.floats(301, -40, 40);
  const float special[] = {0.0f,         -0.0f, 0.125f, -0.125f,  0.12499999f,
                           -0.12499999f, 1e30f, -1e30f, INFINITY, -INFINITY};
  std::copy(std::begin(special), std::end(special), x.begin());
  for (size_t i = 20; i < 60; ++i) x[i] = (float(i) - 40) * 0.125f;  // ties of scale 0.25
  for (const auto& variant : quantize_variants) {
    if (!cpu::detect().has(variant.needs)) continue;
    for (bool multiply : {false, true})
      for (bool words : {false, true}) {
        std::vector<int16_t> y(x.size() + 1, 99);
        const int32_t low = words ? -32768 : -128, high = words ? 32767 : 127;
        const QuantizeF32 call{x.data(), y.data(), x.size(), multiply ? 4.0f : 0.25f,
                               multiply, 7,        low,      high};
        if (words)
          variant.kernel->to_words(call);
        else
          variant.kernel->to_bytes(call);
        for (size_t i = 0; i < x.size(); ++i) {
          const double exact =
              std::clamp(std::round(double(x[i]) * 4) + 7, double(low), double(high));
          const int32_t stored = words ? y[i] : reinterpret_cast<int8_t*>(y.data())[i];
          ASSERT_EQ(stored, static_cast<int32_t>(exact)) << variant.name << ' ' << x[i];
        }
        if (words) {
          EXPECT_EQ(y.back(), 99);
        }
      }
  }
}

TEST(Quantize, DequantizesEveryStoredType) {
  TestData data(2);
  const auto words = data.integers<int16_t>(77, -32768, 32767);
  const auto bytes = data.integers<uint8_t>(77, 0, 255);
  for (const auto& variant : quantize_variants) {
    if (!cpu::detect().has(variant.needs)) continue;
    std::vector<float> y(78, -1.0f);
    variant.kernel->from_words(
        {.x = words.data(), .y = y.data(), .count = 77, .scale = 0.37f, .zero_point = 5});
    for (size_t i = 0; i < 77; ++i) EXPECT_EQ(y[i], float(words[i] - 5) * 0.37f);
    for (bool is_signed : {false, true}) {
      variant.kernel->from_bytes({bytes.data(), y.data(), 77, is_signed, 0.37f, -3});
      for (size_t i = 0; i < 77; ++i) {
        const int32_t stored = is_signed ? static_cast<int8_t>(bytes[i]) : bytes[i];
        EXPECT_EQ(y[i], float(stored + 3) * 0.37f) << variant.name;
      }
    }
    std::vector<uint16_t> halves(77);
    for (size_t i = 0; i < 77; ++i) halves[i] = float_to_half(float(i) * 0.3f - 9);
    variant.kernel->from_halves(halves.data(), y.data(), 77);
    for (size_t i = 0; i < 77; ++i) EXPECT_EQ(y[i], half_to_float(halves[i]));
    EXPECT_EQ(y[77], -1.0f);
  }
}

TEST(Quantize, RangeContainsZeroAndSkipsNotANumber) {
  for (const auto& variant : quantize_variants) {
    if (!cpu::detect().has(variant.needs)) continue;
    for (size_t count : {1, 8, 16, 35}) {
      std::vector<float> x(count, 2.0f);
      x[count / 2] = NAN;
      RangeF32 range = variant.kernel->range(x.data(), count);
      EXPECT_EQ(range.low, 0);
      EXPECT_EQ(range.high, count > 1 ? 2.0f : 0.0f);
      x[count - 1] = -5;
      range = variant.kernel->range(x.data(), count);
      EXPECT_EQ(range.low, -5);
    }
  }
}

}  // namespace
}  // namespace wherry::kernels
