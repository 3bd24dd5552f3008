// Every form of reduction against plain loops.
#include "kernels/reduce/reduce.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "kernels/test_data.h"

namespace wherry::kernels {
namespace {

double reduced(const std::vector<double>& values, Reduction reduction) {
  if (reduction == Reduction::maximum) return *std::max_element(values.begin(), values.end());
  if (reduction == Reduction::minimum) return *std::min_element(values.begin(), values.end());
  double sum = 0;
  for (double x : values) sum += x;
  return sum * 0.5;
}

TEST(Reduce, MatchesForFloatsInBothDirections) {
  TestData data(1);
  const auto x = data.floats(50 * 50);
  for (const auto& variant : reduce_variants) {
    if (!cpu::detect().has(variant.needs)) continue;
    for (Reduction reduction : {Reduction::sum, Reduction::maximum, Reduction::minimum})
      for (size_t rows : {1, 2, 5, 49})
        for (size_t columns : {1, 3, 8, 16, 33, 50}) {
          std::vector<float> down(columns), across(rows);
          variant.kernel->over_rows_f32({x.data(), down.data(), rows, columns, reduction, 0.5f});
          variant.kernel->over_columns_f32(
              {x.data(), across.data(), rows, columns, reduction, 0.5f});
          for (size_t c = 0; c < columns; ++c) {
            std::vector<double> values;
            for (size_t r = 0; r < rows; ++r) values.push_back(x[r * columns + c]);
            ASSERT_NEAR(down[c], reduced(values, reduction), 2e-6) << variant.name;
          }
          for (size_t r = 0; r < rows; ++r) {
            const std::vector<double> values(&x[r * columns], &x[r * columns] + columns);
            ASSERT_NEAR(across[r], reduced(values, reduction), 2e-6) << variant.name;
          }
        }
  }
}

TEST(Reduce, SumsOfBytesAreExact) {
  TestData data(2);
  const auto x = data.integers<uint8_t>(50 * 50, 0, 255);
  for (const auto& variant : reduce_variants) {
    if (!cpu::detect().has(variant.needs)) continue;
    for (bool is_signed : {false, true})
      for (size_t rows : {1, 7, 49})
        for (size_t columns : {1, 3, 16, 50}) {
          const auto value = [&](size_t i) {
            return is_signed ? int32_t{static_cast<int8_t>(x[i])} : int32_t{x[i]};
          };
          std::vector<int32_t> down(columns), across(rows), sums_down(columns), sums_across(rows);
          variant.kernel->over_rows_i8({x.data(), down.data(), rows, columns, is_signed});
          variant.kernel->over_columns_i8({x.data(), across.data(), rows, columns, is_signed});
          for (size_t i = 0; i < rows * columns; ++i) {
            sums_down[i % columns] += value(i);
            sums_across[i / columns] += value(i);
          }
          EXPECT_EQ(down, sums_down) << variant.name;
          EXPECT_EQ(across, sums_across) << variant.name;
        }
  }
}

}  // namespace
}  // namespace wherry::kernels
