// Every form of the fixed-point gates on every number: equal, and close to the true functions.
#include "kernels/gates/gates.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace wherry::kernels {
namespace {

std::vector<int16_t> all_numbers() {
  std::vector<int16_t> x;
  for (int i = INT16_MIN; i <= INT16_MAX; ++i) x.push_back(static_cast<int16_t>(i));
  return x;
}

using Function = void (*GatesKernel::*)(const Gates&);

std::vector<int16_t> results(const GatesKernel& kernel, Function function, int integer_bits) {
  const std::vector<int16_t> x = all_numbers();
  std::vector<int16_t> y(x.size() + 1, 77);
  // Not a multiple of any vector: the last ones are stored apart.
  (kernel.*function)({x.data(), y.data(), x.size() - 9, integer_bits});
  (kernel.*function)({x.data() + x.size() - 9, y.data() + x.size() - 9, 9, integer_bits});
  EXPECT_EQ(y.back(), 77);
  y.pop_back();
  return y;
}

void check(Function function, int integer_bits, double (*exact)(double)) {
  const std::vector<int16_t> plain = results(scalar::gates, function, integer_bits);
  const std::vector<int16_t> x = all_numbers();
  for (size_t i = 0; i < x.size(); ++i) {
    const double real = std::ldexp(double(x[i]), integer_bits - 15);
    ASSERT_NEAR(plain[i], 32768 * exact(real), 20) << x[i] << " of " << integer_bits << " bits";
  }
  for (const auto& variant : gates_variants)
    if (cpu::detect().has(variant.needs)) {
      EXPECT_EQ(results(*variant.kernel, function, integer_bits), plain) << variant.name;
    }
}

TEST(Gates, EveryFormGivesTheSame) {
  check(&GatesKernel::logistic, 3, [](double x) { return 1 / (1 + std::exp(-x)); });
  for (int bits = 0; bits <= 6; ++bits)
    check(&GatesKernel::tanh, bits, [](double x) { return std::tanh(x); });
}

}  // namespace
}  // namespace wherry::kernels
