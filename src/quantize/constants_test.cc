// Tests of constants as integers: rounding, and numbers that are none or have no bounds.
#include "quantize/constants.h"

#include <gtest/gtest.h>

#include <limits>

namespace wherry::quantize {
namespace {

constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();

Value constant(std::vector<float> elements) {
  Value value;
  value.type = {DType::f32, {static_cast<int64_t>(elements.size())}, {}, {}};
  value.constant = Constant::of(std::move(elements));
  return value;
}

template <class T>
std::vector<T> elements_of(const Value& value) {
  const auto* data = reinterpret_cast<const T*>(value.constant.bytes().data());
  return {data, data + value.constant.size() / sizeof(T)};
}

TEST(Constants, WeightsRoundHalvesAwayFromZero) {
  Value weights = quantize_weights(constant({127, 0.5f, -0.5f, 1.4f}), -1);
  EXPECT_EQ(weights.type.quantization->scales, std::vector<float>{1});
  EXPECT_EQ(elements_of<int8_t>(weights), (std::vector<int8_t>{127, 1, -1, 1}));
}

TEST(Constants, WhatIsNoNumberBecomesZero) {
  EXPECT_EQ(elements_of<int8_t>(quantize_weights(constant({nan, 127, -nan}), -1)),
            (std::vector<int8_t>{0, 127, 0}));
  EXPECT_EQ(elements_of<int8_t>(quantize_weights(constant({infinity, 1}), -1)),
            (std::vector<int8_t>{0, 0}));
  EXPECT_EQ(elements_of<int32_t>(quantize_bias(constant({nan, infinity, -4}), {2})),
            (std::vector<int32_t>{0, 2147483647, -2}));
  EXPECT_EQ(elements_of<int8_t>(quantize_constant(constant({nan, -infinity}), Quantization(1, 3))),
            (std::vector<int8_t>{0, -128}));
}

TEST(Constants, RangesWithoutBoundsHaveAScale) {
  for (Range range : {Range{-infinity, infinity}, Range{nan, 1}, Range{-1, nan}, Range{nan, nan}}) {
    Quantization scale = activation_scale(range);
    EXPECT_TRUE(scale.scales[0] > 0 && scale.scales[0] < infinity) << range.min << ' ' << range.max;
    EXPECT_GE(scale.zero_points[0], -128);
    EXPECT_LE(scale.zero_points[0], 127);
  }
}

}  // namespace
}  // namespace wherry::quantize
