// Every form of float arithmetic and of functions of one float against double precision.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "kernels/elementwise/binary_f32.h"
#include "kernels/elementwise/unary_f32.h"
#include "kernels/test_data.h"

namespace wherry::kernels {
namespace {

double apply(BinaryOp op, double a, double b) {
  switch (op) {
    case BinaryOp::add:
      return a + b;
    case BinaryOp::subtract:
      return a - b;
    case BinaryOp::multiply:
      return a * b;
    case BinaryOp::divide:
      return a / b;
    case BinaryOp::maximum:
      return std::max(a, b);
    case BinaryOp::minimum:
      return std::min(a, b);
    case BinaryOp::prelu:
      return a >= 0 ? a : a * b;
    case BinaryOp::squared_difference:
      return (a - b) * (a - b);
  }
  return 0;
}

TEST(BinaryF32, MatchesForEveryOperatorAndBroadcast) {
  TestData data(1);
  const auto a = data.floats(5 * 37, 0.5f, 2), b = data.floats(5 * 37, 0.5f, 2);
  for (const auto& variant : binary_f32_variants) {
    if (!cpu::detect().has(variant.needs)) continue;
    for (size_t op = 0; op < binary_op_count; ++op)
      for (size_t columns : {1, 7, 8, 16, 37})
        for (size_t steps = 0; steps < 16; ++steps) {
          std::vector<float> y(5 * columns + 1, -7.0f);
          const BinaryF32 call{.a = a.data(),
                               .b = b.data(),
                               .y = y.data(),
                               .rows = 5,
                               .columns = columns,
                               .a_row = steps & 1 ? columns : 0,
                               .b_row = steps & 2 ? columns : 0,
                               .a_column = steps & 4 ? 1u : 0u,
                               .b_column = steps & 8 ? 1u : 0u,
                               .low = -0.25f,
                               .high = 2.5f};
          variant.kernel->run[op](call);
          for (size_t i = 0; i < 5 * columns; ++i) {
            const size_t r = i / columns, c = i % columns;
            const double exact =
                apply(static_cast<BinaryOp>(op), a[r * call.a_row + c * call.a_column],
                      b[r * call.b_row + c * call.b_column]);
            ASSERT_NEAR(y[i], std::clamp(exact, -0.25, 2.5), 5e-7)
                << variant.name << " op " << op << " columns " << columns << " steps " << steps;
          }
          EXPECT_EQ(y.back(), -7.0f);
        }
  }
}

double apply(UnaryOp op, double x) {
  switch (op) {
    case UnaryOp::clamp:
      return std::clamp(x, -1.0, 6.0);
    case UnaryOp::leaky_relu:
      return x >= 0 ? x : -1.0 * x;
    case UnaryOp::elu:
      return x >= 0 ? x : std::expm1(x);
    case UnaryOp::exp:
      return std::exp(x);
    case UnaryOp::logistic:
      return 1 / (1 + std::exp(-x));
    case UnaryOp::tanh:
      return std::tanh(x);
    case UnaryOp::hard_swish:
      return x * std::clamp(x + 3, 0.0, 6.0) / 6;
    case UnaryOp::gelu:
      return 0.5 * x * std::erfc(-x * std::sqrt(0.5));
    case UnaryOp::gelu_tanh: {
      const double inner = std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x);
      return x / (1 + std::exp(-2 * inner));
    }
    case UnaryOp::sqrt:
      return std::sqrt(x);
    case UnaryOp::rsqrt:
      return 1 / std::sqrt(x);
    case UnaryOp::square:
      return x * x;
    case UnaryOp::negate:
      return -x;
    case UnaryOp::abs:
      return std::abs(x);
  }
  return 0;
}

void check_unary(const UnaryF32Kernel& kernel, size_t op, float low, float high, double relative) {
  TestData data(2);
  std::vector<float> x = data.floats(20003, low, high), y(x.size() + 1, -7.0f);
  x[0] = low;
  x[1] = high;
  kernel.run[op]({.x = x.data(), .y = y.data(), .count = x.size(), .p = -1, .q = 6});
  EXPECT_EQ(y.back(), -7.0f);
  for (size_t i = 0; i < x.size(); ++i) {
    const double exact = apply(static_cast<UnaryOp>(op), x[i]);
    ASSERT_NEAR(y[i], exact, relative * std::abs(exact) + 1e-37) << "op " << op << " x " << x[i];
  }
}

TEST(UnaryF32, StaysWithinOnePartInAMillion) {
  for (const auto& variant : unary_f32_variants) {
    if (!cpu::detect().has(variant.needs)) continue;
    SCOPED_TRACE(variant.name);
    for (size_t op = 0; op < unary_op_count; ++op) {
      const bool root = op == size_t(UnaryOp::sqrt) || op == size_t(UnaryOp::rsqrt);
      const bool gelu = op == size_t(UnaryOp::gelu) || op == size_t(UnaryOp::gelu_tanh);
      check_unary(*variant.kernel, op, root ? 1e-3f : -4, 4, gelu ? 2e-6 : 1e-6);
      check_unary(*variant.kernel, op, root ? 1e-3f : -1e-3f, 1e-3f, 1e-6);
      // Far out, the argument of an exponential is large and its rounding shows.
      check_unary(*variant.kernel, op, root ? 1 : -10, 80, gelu ? 1e-5 : 1e-6);
    }
  }
}

TEST(UnaryF32, SaturatesAndPassesNotANumber) {
  const float inf = INFINITY;
  const std::vector<float> x{-inf, -200, -100, 88, 89, 200, inf, NAN};
  for (const auto& variant : unary_f32_variants) {
    if (!cpu::detect().has(variant.needs)) continue;
    SCOPED_TRACE(variant.name);
    std::vector<float> y(x.size());
    const auto run = [&](UnaryOp op) {
      variant.kernel->run[size_t(op)]({.x = x.data(), .y = y.data(), .count = x.size(), .q = 6});
    };
    run(UnaryOp::exp);
    EXPECT_EQ(y[0], 0);
    EXPECT_EQ(y[1], 0);
    EXPECT_NEAR(y[2], std::exp(-100.0), 2e-45);
    EXPECT_NEAR(y[3] / std::exp(88.0), 1, 1e-6);
    EXPECT_EQ(y[4], inf);
    EXPECT_EQ(y[6], inf);
    EXPECT_TRUE(std::isnan(y[7]));
    run(UnaryOp::logistic);
    EXPECT_EQ(y[0], 0);
    EXPECT_EQ(y[6], 1);
    EXPECT_TRUE(std::isnan(y[7]));
    run(UnaryOp::tanh);
    EXPECT_EQ(y[0], -1);
    EXPECT_EQ(y[6], 1);
    EXPECT_TRUE(std::isnan(y[7]));
    run(UnaryOp::gelu);
    EXPECT_EQ(y[1], 0);
    EXPECT_EQ(y[5], 200);
    EXPECT_EQ(y[6], inf);
    EXPECT_TRUE(std::isnan(y[7]));
    run(UnaryOp::clamp);
    EXPECT_EQ(y[0], 0);
    EXPECT_EQ(y[6], 6);
    EXPECT_TRUE(std::isnan(y[7]));
  }
}

}  // namespace
}  // namespace wherry::kernels
