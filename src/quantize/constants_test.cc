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

/// A matrix made by turning a stored one, when it is needed.
Constant turned(const std::vector<float>& stored, size_t rows, size_t columns) {
  std::vector<float> elements(stored.size());
  for (size_t r = 0; r < rows; ++r) {
    for (size_t c = 0; c < columns; ++c) elements[r * columns + c] = stored[c * rows + r];
  }
  Constant made = Constant::of(std::move(elements));
  auto fill = [made](size_t first, std::span<std::byte> part) { made.read(first, part); };
  return Workshop(2).defer({.method = "turned",
                            .size = made.size(),
                            .granule = 4 * columns,
                            .fill = fill,
                            .sources = {Constant::of(stored)},
                            .puts_last_axis_first = true});
}

TEST(Constants, DeferredWeightsRoundLikeThoseAtHand) {
  constexpr size_t rows = 700, columns = 301;
  std::vector<float> stored(rows * columns);
  for (size_t i = 0; i < stored.size(); ++i) stored[i] = static_cast<float>(i * 7919 % 4001) - 1999;
  Value deferred = constant(stored);
  deferred.type.shape = {rows, columns};
  deferred.constant = turned(stored, rows, columns);
  ASSERT_TRUE(deferred.constant.is_deferred());
  Value at_hand = deferred;
  at_hand.constant = deferred.constant.at_hand();
  const Workshop workshop(3);
  DenseFactors factors{std::vector<float>(rows, 2), std::vector<float>(columns, 0.5f)};
  factors.rows[3] = 9, factors.columns[5] = 7;
  for (int axis : {-1, 0, 1}) {
    for (bool multiplied : {false, true}) {
      const DenseFactors* used = multiplied ? &factors : nullptr;
      if (used && axis >= 0) continue;
      Value a = quantize_weights(deferred, axis, {.factors = used, .workshop = &workshop});
      Value b = quantize_weights(at_hand, axis, {.factors = used});
      EXPECT_EQ(a.type, b.type) << axis;
      EXPECT_EQ(elements_of<int8_t>(a), elements_of<int8_t>(b)) << axis;
    }
  }
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
