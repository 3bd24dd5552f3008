// Arithmetic, comparisons, rounding and trigonometry.
#include "keras/functions/function_test.h"

namespace wherry::keras::test {
namespace {

const Fed line{{1, 4}, {-1.5f, -0.5f, 0.5f, 2}};

TEST(Elementwise, RemaindersHaveTheSignOfTheDivisorOrOfTheDividend) {
  Fed odd{{1, 2}, {-7, 7}};
  expect_result(run(Newer{"Mod", "{}", R"(["$x0", 3])"}, {odd}), {1, 2}, {2, 1});
  expect_result(run(Newer{"Fmod", "{}", R"(["$x0", 3])"}, {odd}), {1, 2}, {-1, 1});
}

TEST(Elementwise, PowersBecomeSimplerOperators) {
  Fed positive{{1, 2}, {4, 9}};
  expect_result(run(Newer{"Power", "{}", R"(["$x0", 0.5])"}, {positive}), {1, 2}, {2, 3});
  expect_result(run(Newer{"Power", "{}", R"(["$x0", -0.5])"}, {positive}), {1, 2}, {0.5, 1.0 / 3});
  expect_result(run(Newer{"Power", "{}", R"(["$x0", 2])"}, {line}), {1, 4}, {2.25, 0.25, 0.25, 4});
}

TEST(Elementwise, RoundingGoesToEvenNumbersAndTruncationTowardsZero) {
  expect_result(run(Older{"math.round", R"(["x0", 0, 0, {}])"}, {line}), {1, 4}, {-2, 0, 0, 2});
  expect_result(run(Newer{"Trunc", "{}", R"(["$x0"])"}, {line}), {1, 4}, {-1, 0, 0, 2});
}

TEST(Elementwise, ErrorFunctionIsAccurateAroundZero) {
  Fed small{{1, 4}, {0, 1e-3f, -0.5f, 3}};
  expect_result(run(Older{"math.erf", R"(["x0", 0, 0, {}])"}, {small}), {1, 4},
                {0, 0.00112837879, -0.5204998778, 0.9999779095});
}

TEST(Elementwise, QuotientsOfZeroAreZeroWhereAskedFor) {
  Fed top{{1, 2}, {1, 6}}, bottom{{1, 2}, {0, 3}};
  Older function{"math.divide_no_nan", R"(["x0", 0, 0, {"y": ["x1", 0, 0]}])"};
  expect_result(run(function, {top, bottom}), {1, 2}, {0, 2});
}

TEST(Elementwise, AnglesSpreadOverOperandsOfDifferentShape) {
  Older function{"math.atan2", R"(["x0", 0, 0, {"x": 1.0}])"};
  expect_result(run(function, {{{1, 2}, {0, 1}}}), {1, 2}, {0, 0.78539816});
  expect_result(run(Newer{"Arctan", "{}", R"(["$x0"])"}, {{{2, 1}, {0, -1}}}), {2, 1},
                {0, -0.78539816});
}

TEST(Elementwise, TruthValuesAddAndMultiplyLogically) {
  Fed a{{1, 2}, {1, 0}, DType::boolean}, b{{1, 2}, {1, 1}, DType::boolean};
  expect_result(run(Newer{"Add", "{}", R"(["$x0", "$x1"])"}, {a, b}), {1, 2}, {1, 1});
  expect_result(run(Newer{"Multiply", "{}", R"(["$x0", "$x1"])"}, {a, b}), {1, 2}, {1, 0});
}

TEST(Elementwise, WideIntegersOnlyHaveExclusiveOr) {
  Fed bits{{1, 2}, {6, 5}, DType::i32};
  expect_result(run(Newer{"BitwiseXor", "{}", R"(["$x0", 3])"}, {bits}), {1, 2}, {5, 6});
  std::string text =
      problem(run(Newer{"BitwiseAnd", "{}", R"(["$x0", 4])"}, {{{1, 2}, {6, 5}, DType::i64}}));
  EXPECT_NE(text.find("no operator for it over integers"), std::string::npos) << text;
}

TEST(Elementwise, ClippingLeavesOpenEndsOpen) {
  expect_result(run(Newer{"Clip", R"({"x_min": null, "x_max": 0.5})", R"(["$x0"])"}, {line}),
                {1, 4}, {-1.5, -0.5, 0.5, 0.5});
}

TEST(Comparison, OperandsThatKeras2LeavesOutAreMissed) {
  std::string text = problem(run(Older{"__operators__.eq", R"(["x0", 0, 0, {}])"}, {line}));
  EXPECT_NE(text.find("leaves the second operand"), std::string::npos) << text;
}

TEST(Comparison, LowBitsAreRemaindersAndShiftsArePowers) {
  Fed bits{{1, 3}, {-3, 6, 9}, DType::i32};
  expect_result(run(Newer{"BitwiseAnd", "{}", R"(["$x0", 3])"}, {bits}), {1, 3}, {1, 2, 1});
  expect_result(run(Newer{"LeftShift", "{}", R"(["$x0", 2])"}, {bits}), {1, 3}, {-12, 24, 36});
  expect_result(run(Newer{"RightShift", "{}", R"(["$x0", 1])"}, {bits}), {1, 3}, {-2, 3, 4});
}

TEST(Arithmetic, PolynomialsStartWithTheHighestPower) {
  Older function{"math.polyval", R"([["_CONSTANT_VALUE", -1, 1.0, {"x": ["x0", 0, 0]}],
                                     ["_CONSTANT_VALUE", -1, 2.0, {"x": ["x0", 0, 0]}]])"};
  expect_result(run(function, {line}), {1, 4}, {0.5, 1.5, 2.5, 4});
}

TEST(Bitwise, IntegersMeetBitByBitWithoutOverflow) {
  auto bits = [](const char* function) {
    return run(Older{function, R"(["x0", 0, 0, {"y": ["x1", 0, 0]}])"},
               {{{5}, {12, -1, 7, -2147483648.0f, 1073741824}, DType::i32},
                {{5}, {10, -8, -3, -2147483648.0f, 1610612736}, DType::i32}});
  };
  expect_result(bits("bitwise.bitwise_and"), {5}, {8, -8, 5, -2147483648.0, 1073741824});
  expect_result(bits("bitwise.bitwise_or"), {5}, {14, -1, -1, -2147483648.0, 1610612736});
  expect_result(bits("bitwise.bitwise_xor"), {5}, {6, 7, -6, 0, 536870912});
}

TEST(Elementwise, IntegersAreRectifiedToo) {
  Fed whole{{1, 3}, {-2, 0, 9}, DType::i32};
  expect_result(run(Newer{"Relu", "{}", R"(["$x0"])"}, {whole}), {1, 3}, {0, 0, 9});
  expect_result(run(Newer{"Relu6", "{}", R"(["$x0"])"}, {whole}), {1, 3}, {0, 0, 6});
  Older leaky{"nn.leaky_relu", R"(["x0", 0, 0, {"alpha": 0.25}])"};
  expect_result(run(leaky, {whole}), {1, 3}, {-0.5, 0, 9});
}

}  // namespace
}  // namespace wherry::keras::test
