// Tests of the 16-bit logistic and tanh.
#include "ops/recurrent/fixed_gates.h"

#include <gtest/gtest.h>

namespace wherry::recurrent {
namespace {

TEST(FixedGates, LogisticIsCloseToTheRealFunctionAndSymmetric) {
  for (int x = -32768; x <= 32767; x += 37) {
    int16_t stored = static_cast<int16_t>(x);
    double real = 32768 / (1 + std::exp(-x / 4096.0));
    EXPECT_NEAR(fixed_logistic(stored), std::min(real, 32767.0), 6) << x;
    if (x > 0) {
      EXPECT_EQ(fixed_logistic(stored) + fixed_logistic(static_cast<int16_t>(-x)), 32767) << x;
    }
  }
}

TEST(FixedGates, TanhIsCloseToTheRealFunctionForEveryScale) {
  for (int bits = 0; bits <= 6; ++bits) {
    for (int x = -32768; x <= 32767; x += 97) {
      double real = 32768 * std::tanh(std::ldexp(x, bits - 15));
      EXPECT_NEAR(fixed_tanh(static_cast<int16_t>(x), bits), real, 24) << x << " " << bits;
    }
  }
}

TEST(FixedGates, TanhOfFinerAndCoarserScalesIsCloseToTheRealFunctionToo) {
  for (int exponent : {-30, -20, -17, -16, -15, -9, -8, -3, 0}) {
    for (int x = -32768; x <= 32767; x += 97) {
      double real = 32768 * std::tanh(std::ldexp(x, exponent));
      EXPECT_NEAR(fixed_tanh_of_scaled(static_cast<int16_t>(x), exponent), real, 24)
          << x << " " << exponent;
    }
  }
}

}  // namespace
}  // namespace wherry::recurrent
