// Special functions at arguments on both sides of where their forms meet.
#include "keras/functions/function_test.h"

namespace wherry::keras::test {
namespace {

void expect_values(const char* function, const std::vector<float>& x,
                   const std::vector<double>& expected) {
  Shape shape{1, static_cast<int64_t>(x.size())};
  expect_result(run(Older{function, R"(["x0", 0, 0, {}])"}, {{shape, x}}), shape, expected);
}

TEST(SpecialFunctions, LogarithmsOfGamma) {
  expect_values("math.lgamma", {0.3, 2.5, -0.5, 1, 20},
                {1.0957979948, 0.2846828705, 1.2655121235, 0, 39.3398841872});
}

TEST(SpecialFunctions, DerivativesOfThem) {
  expect_values("math.digamma", {1, 0.25, 10}, {-0.5772156649, -4.2274535334, 2.2517525891});
}

TEST(SpecialFunctions, InversesOfErrorFunctions) {
  expect_values("math.erfinv", {0.5, -0.9, 0.99, 0},
                {0.4769362762, -1.1630871537, 1.8213863677, 0});
  expect_values("math.erfcinv", {0.5}, {0.4769362762});
  expect_values("math.ndtri", {0.25}, {-0.6744897502});
}

TEST(SpecialFunctions, ModifiedBesselFunctions) {
  expect_values("math.bessel_i0", {1, -5}, {1.2660658778, 27.2398718236});
  expect_values("math.bessel_i1", {1, -5}, {0.5651591040, -24.3356421424});
  expect_values("math.bessel_i0e", {1, 5}, {0.4657596077, 0.1835408126});
  expect_values("math.bessel_i1e", {1, 5}, {0.2079104154, 0.1639722669});
}

}  // namespace
}  // namespace wherry::keras::test
