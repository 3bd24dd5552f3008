// Counting how often numbers occur.
#include "keras/functions/function_test.h"

namespace wherry::keras::test {
namespace {

const Fed rows{{2, 3}, {1, 3, 1, 0, 2, 2}, DType::i32};

TEST(Counting, NeedsItsNumberOfCounts) {
  std::string text = problem(run(Newer{"Bincount", R"({"minlength": 4})", R"(["$x0"])"}, {rows}));
  EXPECT_NE(text.find("how many numbers are counted depends on the numbers"), std::string::npos)
      << text;
}

TEST(Counting, OfAllElementsWithinBounds) {
  Older function{"math.bincount", R"(["x0", 0, 0, {"minlength": 3, "maxlength": 3}])"};
  expect_result(run(function, {rows}), {3}, {1, 2, 2});
}

TEST(Counting, WhetherTheyOccurAtAll) {
  Older function{
      "math.bincount",
      R"(["x0", 0, 0, {"axis": -1, "minlength": 5, "maxlength": 5, "binary_output": true}])"};
  expect_result(run(function, {rows}), {2, 5}, {0, 1, 0, 1, 0, 1, 0, 1, 0, 0});
}

TEST(Counting, ByWeights) {
  Older function{
      "math.bincount",
      R"(["x0", 0, 0, {"axis": -1, "minlength": 4, "maxlength": 4, "weights": ["x1", 0, 0]}])"};
  expect_result(run(function, {rows, {{2, 3}, {1, 2, 3, 4, 5, 6}}}), {2, 4},
                {0, 4, 0, 2, 4, 0, 11, 0});
}

}  // namespace
}  // namespace wherry::keras::test
