// Tests of fixed-point multipliers.
#include "ops/fixed_point.h"

#include <gtest/gtest.h>

namespace wherry {
namespace {

TEST(FixedPoint, WideSumsAreRoundedOnce) {
  EXPECT_EQ(multiply(int64_t{3}, fixed_multiplier(0.5)), 2);
  EXPECT_EQ(multiply(int64_t{-3}, fixed_multiplier(0.5)), -1);
  EXPECT_EQ(multiply(int64_t{1} << 40, fixed_multiplier(0x1p-20)), 1 << 20);
}

TEST(FixedPoint, WideSumsTakeLargeFactors) {
  EXPECT_EQ(multiply(int64_t{3}, fixed_multiplier(0x1p14)), 3 << 14);
  EXPECT_EQ(multiply(int64_t{3}, fixed_multiplier(0x1p15)), 3 << 15);
  EXPECT_EQ(multiply(int64_t{-1}, fixed_multiplier(0x1p25)), -(1 << 25));
  EXPECT_NO_FATAL_FAILURE(multiply(int64_t{123456789}, fixed_multiplier(1e300)));
}

}  // namespace
}  // namespace wherry
