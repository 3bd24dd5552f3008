// Every form of the product with one vector against sums in double precision and 64 bits.
#include "kernels/gemv/gemv.h"

#include <gtest/gtest.h>

#include "kernels/test_data.h"

namespace wherry::kernels {
namespace {

template <class Check>
void for_sizes(Check check) {
  for (const auto& variant : gemv_variants) {
    if (!cpu::detect().has(variant.needs)) continue;
    SCOPED_TRACE(variant.name);
    for (size_t rows : {1, 3, 4, 9})
      for (size_t columns : {1, 7, 8, 15, 16, 17, 31, 32, 33, 64, 100})
        check(variant, rows, columns);
  }
}

TEST(Gemv, FloatsAreSummedAndClamped) {
  for_sizes([](const auto& variant, size_t rows, size_t columns) {
    TestData data(static_cast<uint32_t>(rows * 1000 + columns));
    const auto matrix = data.floats(rows * columns), x = data.floats(columns);
    const auto start = data.floats(rows);
    std::vector<float> y(rows + 1, -7.0f);
    variant.kernel->f32(
        {matrix.data(), rows, columns, x.data(), start.data(), y.data(), -0.75f, 1.5f});
    for (size_t r = 0; r < rows; ++r) {
      double sum = double(start[r]);
      for (size_t c = 0; c < columns; ++c) sum += double(matrix[r * columns + c]) * double(x[c]);
      ASSERT_NEAR(y[r], std::clamp(sum, -0.75, 1.5), 5e-6) << columns;
    }
    EXPECT_EQ(y.back(), -7.0f);
  });
}

TEST(Gemv, BytesAreSummedExactly) {
  for_sizes([](const auto& variant, size_t rows, size_t columns) {
    TestData data(static_cast<uint32_t>(rows * 1000 + columns));
    auto matrix = data.integers<int8_t>(rows * columns, -128, 127);
    auto x = data.integers<int8_t>(columns, -128, 127);
    matrix[0] = x[0] = -128;
    const auto start = data.integers<int32_t>(rows, -100000, 100000);
    std::vector<int32_t> y(rows + 1, 77);
    variant.kernel->i8({matrix.data(), rows, columns, x.data(), start.data(), y.data()});
    for (size_t r = 0; r < rows; ++r) {
      int64_t sum = start[r];
      for (size_t c = 0; c < columns; ++c) sum += matrix[r * columns + c] * x[c];
      ASSERT_EQ(y[r], sum) << columns;
    }
    EXPECT_EQ(y.back(), 77);
  });
}

}  // namespace
}  // namespace wherry::kernels
