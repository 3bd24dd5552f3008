// Every form of 8-bit arithmetic and of table lookup against plain integer formulas.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "kernels/elementwise/binary_i8.h"
#include "kernels/elementwise/lookup.h"
#include "kernels/test_data.h"

namespace wherry::kernels {
namespace {

int32_t value(uint8_t raw, bool is_signed) { return is_signed ? static_cast<int8_t>(raw) : raw; }

uint8_t expected(const BinaryI8& call, IntegerOp op, uint8_t raw_a, uint8_t raw_b) {
  const int32_t a = value(raw_a, call.is_signed) - call.a_zero;
  const int32_t b = value(raw_b, call.is_signed) - call.b_zero;
  int64_t y = static_cast<int64_t>(std::nearbyint(static_cast<float>(a * b) * call.scale));
  if (op == IntegerOp::sum) {
    const int64_t sum = int64_t{value(raw_a, call.is_signed)} * call.a_factor +
                        int64_t{value(raw_b, call.is_signed)} * call.b_factor + call.bias;
    y = sum >> call.shift;
  }
  return static_cast<uint8_t>(std::clamp<int64_t>(y + call.y_zero, call.low, call.high));
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
  const BinaryI8 of_signed{.columns = 0,
                           .is_signed = true,
                           .a_zero = -3,
                           .b_zero = 17,
                           .scale = 0.0173f,
                           .a_factor = 1 << 20,
                           .b_factor = -1987654,
                           .bias = 12345678,
                           .shift = 20,
                           .y_zero = -9,
                           .low = -120,
                           .high = 127};
  BinaryI8 of_unsigned = of_signed;
  of_unsigned.is_signed = false;
  of_unsigned.a_zero = 128;
  of_unsigned.b_zero = 0;
  of_unsigned.y_zero = 100;
  of_unsigned.low = 3;
  of_unsigned.high = 250;
  of_unsigned.shift = 22;
  // Every other product is a tie.
  BinaryI8 ties = of_signed;
  ties.scale = 0.5f;
  for (IntegerOp op : {IntegerOp::sum, IntegerOp::multiply})
    for (const BinaryI8& call : {of_signed, of_unsigned, ties}) check(call, op);
}

TEST(BinaryI8, ProductsBeyond32BitsKeepTheirSide) {
  check({.columns = 0,
         .is_signed = true,
         .a_zero = -128,
         .b_zero = 5,
         .scale = 3e8f,
         .y_zero = -128,
         .low = -128,
         .high = 127},
        IntegerOp::multiply);
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
                            .a_factor = 1 << 20,
                            .b_factor = 1 << 19,
                            .bias = 3 << 18,
                            .shift = 20,
                            .y_zero = 3,
                            .low = -128,
                            .high = 127};
        variant.kernel->run[0](call);
        for (size_t i = 0; i < 5 * columns; ++i) {
          const size_t r = i / columns, c = i % columns;
          ASSERT_EQ(y[i], expected(call, IntegerOp::sum, a[r * call.a_row + c * call.a_column],
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
