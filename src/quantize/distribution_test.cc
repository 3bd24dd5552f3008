// The range of best() against what a small quantiser loses with it.
#include "quantize/distribution.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace wherry::quantize {
namespace {

std::vector<float> normal_numbers(size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<float> result(count);
  // A sum of twelve uniform numbers: the same on every standard library, unlike
  // normal_distribution.
  for (float& x : result) {
    x = -6;
    for (int i = 0; i < 12; ++i) x += static_cast<float>(random()) / 4294967296.0f;
  }
  return result;
}

Distribution of(const std::vector<float>& numbers) {
  Distribution distribution;
  distribution.add(numbers);
  return distribution;
}

/// Mean squared error of these numbers in 256 steps over the range.
double loss(const std::vector<float>& numbers, Range range) {
  double low = std::min(range.min, 0.0f), step = (std::max(range.max, 0.0f) - low) / 255;
  double sum = 0;
  for (float x : numbers) {
    double stored = std::clamp(std::round((static_cast<double>(x) - low) / step), 0.0, 255.0);
    sum += std::pow(stored * step + low - static_cast<double>(x), 2);
  }
  return sum / static_cast<double>(numbers.size());
}

TEST(Distribution, SeesSmallestAndLargest) {
  Distribution distribution = of({0.5f, -3, 2});
  EXPECT_EQ(distribution.seen(), (Range{-3, 2}));
  distribution.add(std::vector<float>{100});
  EXPECT_EQ(distribution.seen(), (Range{-3, 100}));
  EXPECT_EQ(distribution.count(), 4u);
}

TEST(Distribution, FewNumbersReachBeyondWhatWasSeen) {
  std::vector<float> further = normal_numbers(100000, 2);
  for (unsigned seed : {3u, 4u, 5u}) {
    Distribution distribution = of(normal_numbers(200, seed));
    Range best = distribution.best(), seen = distribution.seen();
    EXPECT_LT(best.min, seen.min);
    EXPECT_GT(best.max, seen.max);
    EXPECT_LT(loss(further, best), 0.7 * loss(further, seen));
  }
}

TEST(Distribution, ManyNumbersLoseTheirRarestEnds) {
  std::vector<float> numbers = normal_numbers(200000, 7);
  for (size_t i = 0; i < 20; ++i) numbers[i] = 6 + static_cast<float>(i) / 20;
  Distribution distribution = of(numbers);
  EXPECT_LT(distribution.best().max, distribution.seen().max);
  EXPECT_LT(loss(numbers, distribution.best()), 0.95 * loss(numbers, distribution.seen()));
}

TEST(Distribution, OneImportantOutlierStays) {
  std::vector<float> numbers = normal_numbers(5000, 8);
  numbers[9] = 40;
  EXPECT_GE(of(numbers).best().max, 39.5f);
}

TEST(Distribution, ABoundThatIsOftenReachedIsKeptExactly) {
  std::vector<float> numbers = normal_numbers(1000, 9);
  for (float& x : numbers) x = std::clamp(x, 0.0f, 1.5f);
  EXPECT_EQ(of(numbers).best(), (Range{0, 1.5f}));
}

TEST(Distribution, NoEndReachesBeyondZeroWhereNoNumberDid) {
  std::vector<float> numbers = normal_numbers(100, 14);
  for (float& x : numbers) x = std::abs(x) + 0.01f;
  EXPECT_EQ(of(numbers).best().min, 0);
  for (float& x : numbers) x = -x;
  EXPECT_EQ(of(numbers).best().max, 0);
}

TEST(Distribution, AnEndBeyondZeroCostsNothing) {
  std::vector<float> numbers = normal_numbers(1000, 10);
  for (float& x : numbers) x = std::abs(x) + 5;
  EXPECT_EQ(of(numbers).best().min, 0);
}

TEST(Distribution, TakesNumbersInAnyOrder) {
  std::vector<float> numbers = normal_numbers(4000, 11);
  for (size_t i = 0; i < 100; ++i) numbers[i] *= 1e-6f;
  std::sort(numbers.begin(), numbers.end(),
            [](float a, float b) { return std::abs(a) < std::abs(b); });
  Distribution growing, whole = of(numbers);
  for (float x : numbers) growing.add(std::vector<float>{x});
  EXPECT_EQ(growing.seen(), whole.seen());
  EXPECT_NEAR(growing.best().min, whole.best().min, 0.02);
  EXPECT_NEAR(growing.best().max, whole.best().max, 0.02);
}

TEST(Distribution, TwoTogetherAreOneOfAllNumbers) {
  std::vector<float> small = normal_numbers(1000, 12), large = normal_numbers(500, 13);
  for (float& x : large) x = std::max(0.0f, 10 * x);
  for (bool swapped : {false, true}) {
    Distribution together = of(swapped ? small : large);
    together.add(of(swapped ? large : small));
    std::vector<float> both = small;
    both.insert(both.end(), large.begin(), large.end());
    Distribution whole = of(both);
    EXPECT_EQ(together.count(), whole.count());
    EXPECT_EQ(together.seen(), whole.seen());
    EXPECT_NEAR(together.best().min, whole.best().min, 0.02);
    EXPECT_NEAR(together.best().max, whole.best().max, 0.02);
  }
}

TEST(Distribution, OneNumberOverAndOverIsItsOwnRange) {
  EXPECT_EQ(of(std::vector<float>(100, 0.0f)).best(), (Range{0, 0}));
  EXPECT_EQ(of(std::vector<float>(100, 3.0f)).best().max, 3);
  EXPECT_EQ(Distribution().best(), (Range{0, 0}));
}

}  // namespace
}  // namespace wherry::quantize
