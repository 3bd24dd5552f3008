// Tests of functions that draw random numbers.
#include <cmath>

#include "keras/functions/function_test.h"

namespace wherry::keras::test {
namespace {

const Fed five{{1}, {5}, DType::f32, true};

/// A call for 50 by 20 numbers.
Outputs drawn_by(const std::string& function, const std::string& options) {
  return run(Older{function, cat(R"(["_CONSTANT_VALUE", -1, [50, 20], {)", options, "}]")}, {five});
}

TEST(Random, NormalNumbersHaveTheMeanAndDeviation) {
  Outputs drawn = drawn_by("random.normal", R"("mean": ["x0", 0, 0], "stddev": 2.0, "seed": 3)");
  ASSERT_TRUE(drawn) << problem(drawn);
  EXPECT_EQ((*drawn)[0].type.shape, Shape({50, 20}));
  double sum = 0, squares = 0;
  for (double number : numbers((*drawn)[0])) sum += number, squares += number * number;
  double mean = sum / 1000;
  EXPECT_NEAR(mean, 5, 0.3);
  EXPECT_NEAR(std::sqrt(squares / 1000 - mean * mean), 2, 0.2);
}

TEST(Random, UniformNumbersLieBetweenTheirBounds) {
  std::string options = R"("minval": -1, "maxval": ["x0", 0, 0])";
  Outputs drawn = drawn_by("random.uniform", options), again = drawn_by("random.uniform", options);
  ASSERT_TRUE(drawn) << problem(drawn);
  double least = 9, most = -9;
  for (double number : numbers((*drawn)[0]))
    least = std::min(least, number), most = std::max(most, number);
  EXPECT_GE(least, -1);
  EXPECT_LT(least, -0.9);
  EXPECT_LE(most, 5);
  EXPECT_GT(most, 4.9);
  EXPECT_EQ(numbers((*drawn)[0]), numbers((*again)[0]));  // by the layer's own seed
}

TEST(Random, WholeNumbersAreRefused) {
  Outputs drawn = drawn_by("random.uniform", R"("maxval": ["x0", 0, 0], "dtype": "int32")");
  EXPECT_NE(problem(drawn).find("dtype"), std::string::npos) << problem(drawn);
}

}  // namespace
}  // namespace wherry::keras::test
