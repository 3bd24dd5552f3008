// Every form of the search for the first largest byte against a plain one.
#include "kernels/arg/arg.h"

#include <gtest/gtest.h>

#include "kernels/test_data.h"

namespace wherry::kernels {
namespace {

TEST(FirstLargest, FindsTheFirstOfEqualOnes) {
  for (size_t columns : {1, 2, 21, 31, 32, 33, 63, 64, 65, 200}) {
    TestData data(static_cast<uint32_t>(columns));
    const size_t rows = 7;
    // Few different bytes, so that most rows hold the largest one several times.
    auto x = data.integers<uint8_t>(rows * columns, 126, 130);
    std::fill_n(x.begin(), columns, uint8_t{0xff});
    for (uint8_t flip : {0x00, 0xff, 0x80, 0x7f}) {
      for (const auto& variant : first_largest_variants) {
        if (!cpu::detect().has(variant.needs)) continue;
        std::vector<int32_t> y(rows + 1, -7);
        variant.kernel({x.data(), y.data(), rows, columns, flip});
        EXPECT_EQ(y.back(), -7);
        for (size_t r = 0; r < rows; ++r) {
          size_t best = 0;
          const auto at = [&](size_t c) { return uint8_t(x[r * columns + c] ^ flip); };
          for (size_t c = 1; c < columns; ++c)
            if (at(c) > at(best)) best = c;
          ASSERT_EQ(y[r], int32_t(best)) << variant.name << ' ' << columns;
        }
      }
    }
  }
}

}  // namespace
}  // namespace wherry::kernels
