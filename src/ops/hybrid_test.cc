// Tests of quantisation while running, and of requantisation.
#include "ops/hybrid.h"

#include <gtest/gtest.h>

#include <limits>

#include "ops/requantization.h"

namespace wherry {
namespace {

TEST(Hybrid, SymmetricScalesTheLargestMagnitudeTo127) {
  const float row[] = {-2, 1, 0.5f};
  int8_t stored[3];
  RowScale scale = quantize_symmetric(row, stored);
  EXPECT_EQ(scale.scale, 2.0f / 127);
  EXPECT_EQ(scale.zero_point, 0);
  EXPECT_EQ(stored[0], -127);
  EXPECT_EQ(stored[1], 64);  // 63.5, away from zero
  EXPECT_EQ(stored[2], 32);
}

TEST(Hybrid, AsymmetricCoversTheRangeAndZero) {
  const float row[] = {1, 3, 5.1f};
  int8_t stored[3];
  RowScale scale = quantize_asymmetric(row, stored);
  EXPECT_FLOAT_EQ(scale.scale, 5.1f / 255);
  EXPECT_EQ(scale.zero_point, -128);
  EXPECT_EQ(stored[0], -78);
  EXPECT_EQ(stored[2], 127);
}

TEST(Hybrid, RowsOfZerosAndOddNumbersAreHarmless) {
  const float odd[] = {std::numeric_limits<float>::quiet_NaN(),
                       std::numeric_limits<float>::infinity(), 1};
  const float zeros[] = {0, 0, 0};
  int8_t stored[3];
  quantize_symmetric(odd, stored);
  quantize_asymmetric(odd, stored);
  EXPECT_EQ(quantize_symmetric(zeros, stored).scale, 1);
  EXPECT_EQ(quantize_asymmetric(zeros, stored).zero_point, 0);
  EXPECT_EQ(stored[2], 0);
}

TEST(Requantization, RejectsScalesNoKernelCanBridge) {
  TensorType x{DType::i8, {}, {}, Quantization(1e30f, 0)}, w{DType::i8, {}, {}, Quantization(1, 0)};
  TensorType y{DType::i8, {}, {}, Quantization(1e-30f, 0)};
  EXPECT_FALSE(Requantization::of(x, w, y, Activation::none, {}));
  EXPECT_FALSE(check_one_scale("x", {DType::i8, {}, {}, Quantization(-1, 0)}));
  EXPECT_FALSE(check_one_scale("x", {DType::i8, {}, {}, Quantization(1, 128)}));
  EXPECT_FALSE(check_one_scale("x", {DType::i8, {}, {}, {}}));
}

}  // namespace
}  // namespace wherry
