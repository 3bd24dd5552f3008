// Tests of functions that draw random numbers.
#include <cmath>

#include "keras/functions/function_test.h"

namespace wherry::keras::test {
namespace {

const Fed shape{{2}, {50, 20}, DType::i32, true};

TEST(Random, NormalNumbersHaveTheMeanAndDeviation) {
  Outputs drawn = run(
      Older{"random.normal", R"(["x0", 0, 0, {"mean": 5.0, "stddev": 2.0, "seed": 3}])"}, {shape});
  ASSERT_TRUE(drawn) << problem(drawn);
  EXPECT_EQ((*drawn)[0].type.shape, Shape({50, 20}));
  double sum = 0, squares = 0;
  for (double number : numbers((*drawn)[0])) sum += number, squares += number * number;
  double mean = sum / 1000;
  EXPECT_NEAR(mean, 5, 0.3);
  EXPECT_NEAR(std::sqrt(squares / 1000 - mean * mean), 2, 0.2);
}

TEST(Random, UniformNumbersLieBetweenTheirBounds) {
  Older function{"random.uniform", R"(["x0", 0, 0, {"minval": -1, "maxval": 3}])"};
  Outputs drawn = run(function, {shape}), again = run(function, {shape});
  ASSERT_TRUE(drawn) << problem(drawn);
  double least = 9, most = -9;
  for (double number : numbers((*drawn)[0]))
    least = std::min(least, number), most = std::max(most, number);
  EXPECT_GE(least, -1);
  EXPECT_LT(least, -0.9);
  EXPECT_LT(most, 3);
  EXPECT_GT(most, 2.9);
  EXPECT_EQ(numbers((*drawn)[0]), numbers((*again)[0]));  // by the layer's own seed
}

TEST(Random, WholeNumbersAreRefused) {
  Outputs drawn =
      run(Older{"random.uniform", R"(["x0", 0, 0, {"maxval": 3, "dtype": "int32"}])"}, {shape});
  EXPECT_NE(problem(drawn).find("'dtype'"), std::string::npos) << problem(drawn);
}

}  // namespace
}  // namespace wherry::keras::test
