// Every form of softmax against double precision.
#include "kernels/softmax/softmax.h"

#include <gtest/gtest.h>

#include <cmath>

#include "kernels/test_data.h"

namespace wherry::kernels {
namespace {

void check(size_t columns, float beta, float reach, float offset) {
  TestData data(static_cast<uint32_t>(columns));
  const size_t rows = 3;
  const auto x = data.floats(rows * columns, offset - reach, offset + reach);
  for (const auto& variant : softmax_f32_variants) {
    if (!cpu::detect().has(variant.needs)) continue;
    SCOPED_TRACE(testing::Message() << variant.name << ' ' << columns);
    std::vector<float> y(x.size()), log_y(x.size());
    variant.kernel->softmax({x.data(), y.data(), rows, columns, beta});
    variant.kernel->log_softmax({x.data(), log_y.data(), rows, columns});
    for (size_t r = 0; r < rows; ++r) {
      double sum = 0, log_sum = 0;
      for (size_t c = 0; c < columns; ++c) {
        sum += std::exp(beta * double(x[r * columns + c] - offset));
        log_sum += std::exp(double(x[r * columns + c] - offset));
      }
      for (size_t i = r * columns; i < (r + 1) * columns; ++i) {
        const double exact = std::exp(beta * double(x[i] - offset)) / sum;
        ASSERT_NEAR(y[i], exact, 3e-6 * exact);
        ASSERT_NEAR(log_y[i], double(x[i] - offset) - std::log(log_sum), 1e-5);
      }
    }
  }
}

TEST(Softmax, MatchesForEveryLengthAndScale) {
  for (size_t columns = 1; columns <= 40; ++columns) check(columns, 1, 4, 0);
  check(1001, 1, 10, 0);
  check(17, 0.25f, 8, 0);
  check(17, 2, 3, 0);
}

TEST(Softmax, LargeElementsDoNotOverflow) {
  check(19, 1, 4, -1000);
  check(19, 1, 4, 3000);
}

}  // namespace
}  // namespace wherry::kernels
