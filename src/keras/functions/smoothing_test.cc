// Tests of blurs, with results of Keras.
#include "keras/functions/function_test.h"

namespace wherry::keras::test {
namespace {

const Fed point{{1, 3, 3, 1}, {0, 0, 0, 0, 1, 0, 0, 0, 0}};

TEST(Smoothing, ByBellCurves) {
  expect_result(
      run(Newer{"GaussianBlur", R"({"kernel_size": [3, 1], "sigma": [1.0, 2.0]})", R"(["$x0"])"},
          {point}),
      {1, 3, 3, 1}, {0, 0.274069, 0, 0, 0.451863, 0, 0, 0.274069, 0});
  expect_result(
      run(Newer{"GaussianBlur", R"({"kernel_size": [3, 3], "sigma": [1.0, 0.5]})", R"(["$x0"])"},
          {point}),
      {1, 3, 3, 1},
      {0.02919, 0.048127, 0.02919, 0.215688, 0.35561, 0.215688, 0.02919, 0.048127, 0.02919});
}

TEST(Smoothing, NeedsWidth) {
  std::string text = problem(
      run(Newer{"GaussianBlur", R"({"kernel_size": [3, 3], "sigma": [0.0, 1.0]})", R"(["$x0"])"},
          {point}));
  EXPECT_NE(text.find("'sigma' should be positive"), std::string::npos) << text;
}

TEST(Smoothing, SizesBeyondReasonAreRefused) {
  std::string text = problem(
      run(Newer{"GaussianBlur", R"({"kernel_size": [100000, 100000], "sigma": 1.0})", R"(["$x0"])"},
          {point}));
  EXPECT_NE(text.find("is not possible"), std::string::npos) << text;
}

}  // namespace
}  // namespace wherry::keras::test
