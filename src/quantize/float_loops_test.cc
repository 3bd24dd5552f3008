// The loops against what they say of one element, at every length of the last block.
#include "quantize/float_loops.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

namespace wherry::quantize {
namespace {

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

std::vector<float> waves(size_t count) {
  std::vector<float> elements(count);
  for (size_t i = 0; i < count; ++i)
    elements[i] = 100 * std::sin(static_cast<float>(i * i) * 0.37f);
  return elements;
}

TEST(FloatLoops, BytesAtAnyAlignmentAreTheSameFloats) {
  std::vector<float> elements = waves(5), copy;
  std::vector<std::byte> shifted(4 * 5 + 1);
  std::memcpy(shifted.data() + 1, elements.data(), 20);
  auto aligned = floats_in(std::as_bytes(std::span(elements)), copy);
  EXPECT_EQ(aligned.data(), elements.data());
  auto moved = floats_in(std::span(shifted).subspan(1), copy);
  EXPECT_TRUE(std::equal(moved.begin(), moved.end(), elements.begin(), elements.end()));
}

TEST(FloatLoops, TheLargestMagnitudeIsFoundAtEveryPlace) {
  for (size_t count = 1; count < 40; ++count) {
    std::vector<float> elements = waves(count);
    elements[count / 2] = -1000;
    EXPECT_EQ(largest_magnitude(elements), 1000) << count;
  }
  EXPECT_EQ(largest_magnitude({}), 0);
}

TEST(FloatLoops, WhatIsNoNumberIsNotTheLargest) {
  std::vector<float> elements(20, -2);
  elements[3] = elements[19] = nan;
  EXPECT_EQ(largest_magnitude(elements), 2);
  elements[4] = -std::numeric_limits<float>::infinity();
  EXPECT_EQ(largest_magnitude(elements), std::numeric_limits<float>::infinity());
}

TEST(FloatLoops, QuotientsRoundHalvesAwayFromZero) {
  std::vector<float> elements = waves(37);
  elements[0] = 0.49999997f, elements[1] = -2.5f, elements[2] = nan, elements[3] = 1e9f;
  elements[36] = 1.5f;
  std::vector<int8_t> stored(37);
  round_to_int8(elements, 1, stored);
  for (size_t i = 0; i < 37; ++i) {
    float expected = i == 2 ? 0 : std::min(127.0f, std::round(elements[i]));
    EXPECT_EQ(stored[i], expected) << elements[i];
  }
}

TEST(FloatLoops, MagnitudesOnlyRise) {
  std::vector<float> elements = waves(21), largest(21, 10);
  elements[5] = nan;
  raise_magnitudes(largest, elements, -0.5f);
  for (size_t i = 0; i < 21; ++i)
    EXPECT_EQ(largest[i], i == 5 ? 10 : std::max(10.0f, std::abs(0.5f * elements[i])));
}

TEST(FloatLoops, ProductsTakeBothFactors) {
  std::vector<float> elements = waves(19), factors = waves(40), out(19);
  multiply(elements, 0.25f, std::span(factors).first(19), out);
  for (size_t i = 0; i < 19; ++i) EXPECT_EQ(out[i], elements[i] * (0.25f * factors[i]));
}

}  // namespace
}  // namespace wherry::quantize
