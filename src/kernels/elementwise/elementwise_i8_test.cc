// Every form of 8-bit arithmetic and of table lookup against plain integer formulas.
#include <gtest/gtest.h>

#include <algorithm>

#include "kernels/elementwise/binary_i8.h"
#include "kernels/elementwise/lookup.h"
#include "kernels/test_data.h"

namespace wherry::kernels {
namespace {

/// TFLite's rule, written with 64-bit integers and division.
int32_t multiply(int32_t x, const IntegerMultiplier& m) {
  const int64_t product = (int64_t{x} << m.left) * m.mantissa;
  const int64_t nudge = product >= 0 ? int64_t{1} << 30 : 1 - (int64_t{1} << 30);
  const auto high = static_cast<int32_t>((product + nudge) / (int64_t{1} << 31));
  const int32_t mask = static_cast<int32_t>((int64_t{1} << m.right) - 1);
  const int32_t threshold = (mask >> 1) + (high < 0 ? 1 : 0);
  return (high >> m.right) + ((high & mask) > threshold ? 1 : 0);
}

int32_t value(uint8_t raw, bool is_signed) { return is_signed ? static_cast<int8_t>(raw) : raw; }

uint8_t expected(const BinaryI8& call, IntegerOp op, uint8_t raw_a, uint8_t raw_b) {
  const int32_t a = value(raw_a, call.is_signed) - call.a_zero;
  const int32_t b = value(raw_b, call.is_signed) - call.b_zero;
  int32_t raw = a * b;
  if (op != IntegerOp::multiply) {
    const int32_t left = multiply(a * (1 << 20), call.a_multiplier);
    const int32_t right = multiply(b * (1 << 20), call.b_multiplier);
    raw = op == IntegerOp::add ? left + right : left - right;
  }
  return static_cast<uint8_t>(
      std::clamp(multiply(raw, call.y_multiplier) + call.y_zero, call.low, call.high));
}

void check(BinaryI8 call, IntegerOp op) {
  std::vector<uint8_t> a, b;
  for (int i = 0; i < 65536; ++i) {
    a.push_back(static_cast<uint8_t>(i));
    b.push_back(static_cast<uint8_t>(i >> 8));
  }
  for (const auto& variant : binary_i8_variants) {
    if (!cpu::detect().has(variant.needs)) continue;
    std::vector<uint8_t> y(65536);
    call.a = a.data();
    call.b = b.data();
    call.y = y.data();
    call.columns = 65536;
    variant.kernel->run[size_t(op)](call);
    for (size_t i = 0; i < y.size(); ++i)
      ASSERT_EQ(y[i], expected(call, op, a[i], b[i])) << variant.name << ' ' << i;
  }
}

TEST(BinaryI8, EveryPairOfBytesIsExact) {
  const BinaryI8 signed_add{.columns = 0,
                            .is_signed = true,
                            .a_zero = -3,
                            .b_zero = 17,
                            .y_zero = -9,
                            .a_multiplier = {1 << 30, 0, 0},
                            .b_multiplier = {1987654321, 0, 2},
                            .y_multiplier = {1234567891, 0, 18},
                            .low = -120,
                            .high = 127};
  BinaryI8 unsigned_add = signed_add;
  unsigned_add.is_signed = false;
  unsigned_add.a_zero = 128;
  unsigned_add.b_zero = 0;
  unsigned_add.y_zero = 100;
  unsigned_add.low = 3;
  unsigned_add.high = 250;
  unsigned_add.y_multiplier.right = 19;
  for (IntegerOp op : {IntegerOp::add, IntegerOp::subtract}) {
    check(signed_add, op);
    check(unsigned_add, op);
  }
  BinaryI8 product = signed_add;
  product.y_multiplier = {1518500250, 0, 6};
  check(product, IntegerOp::multiply);
  product.y_multiplier = {1518500250, 3, 0};
  check(product, IntegerOp::multiply);
  // Equal scales: every other result is a tie.
  BinaryI8 average = signed_add;
  average.a_zero = average.b_zero = average.y_zero = 0;
  average.b_multiplier = average.a_multiplier;
  average.y_multiplier = {1 << 30, 0, 19};
  check(average, IntegerOp::add);
}

TEST(BinaryI8, BroadcastsRowsAndScalars) {
  TestData data(1);
  const auto a = data.integers<uint8_t>(5 * 37, 0, 255), b = data.integers<uint8_t>(5 * 37, 0, 255);
  for (const auto& variant : binary_i8_variants) {
    if (!cpu::detect().has(variant.needs)) continue;
    for (size_t columns : {1, 7, 8, 16, 37})
      for (size_t steps = 0; steps < 16; ++steps) {
        std::vector<uint8_t> y(5 * columns + 1, 55);
        const BinaryI8 call{.a = a.data(),
                            .b = b.data(),
                            .y = y.data(),
                            .rows = 5,
                            .columns = columns,
                            .a_row = steps & 1 ? columns : 0,
                            .b_row = steps & 2 ? columns : 0,
                            .a_column = steps & 4 ? 1u : 0u,
                            .b_column = steps & 8 ? 1u : 0u,
                            .is_signed = true,
                            .a_zero = 1,
                            .b_zero = 2,
                            .y_zero = 3,
                            .a_multiplier = {1 << 30, 0, 0},
                            .b_multiplier = {1 << 30, 0, 1},
                            .y_multiplier = {1 << 30, 0, 18},
                            .low = -128,
                            .high = 127};
        variant.kernel->run[0](call);
        for (size_t i = 0; i < 5 * columns; ++i) {
          const size_t r = i / columns, c = i % columns;
          ASSERT_EQ(y[i], expected(call, IntegerOp::add, a[r * call.a_row + c * call.a_column],
                                   b[r * call.b_row + c * call.b_column]))
              << variant.name << " columns " << columns << " steps " << steps;
        }
        EXPECT_EQ(y.back(), 55);
      }
  }
}

TEST(Lookup, ReadsTheTableForEveryByteAndLength) {
  TestData data(3);
  const auto table = data.integers<uint8_t>(256, 0, 255);
  std::vector<uint8_t> x;
  for (int i = 0; i < 300; ++i) x.push_back(static_cast<uint8_t>(i * 37));
  for (const auto& variant : lookup_variants) {
    if (!cpu::detect().has(variant.needs)) continue;
    for (size_t count : {0, 1, 31, 32, 63, 64, 65, 300}) {
      std::vector<uint8_t> y(count + 1, 1);
      variant.kernel({table.data(), x.data(), y.data(), count});
      for (size_t i = 0; i < count; ++i) ASSERT_EQ(y[i], table[x[i]]) << variant.name << ' ' << i;
      EXPECT_EQ(y.back(), 1);
    }
  }
}

}  // namespace
}  // namespace wherry::kernels
