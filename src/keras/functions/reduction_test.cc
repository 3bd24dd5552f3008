// Reductions, running sums and order.
#include "keras/functions/function_test.h"

namespace wherry::keras::test {
namespace {

const Fed table{{2, 3}, {1, 2, 3, 4, 5, 9}};

TEST(Reduction, AxesMayBeNegativeSeveralOrAbsent) {
  expect_result(run(Newer{"Sum", R"({"axis": -1, "keepdims": true})", R"(["$x0"])"}, {table}),
                {2, 1}, {6, 18});
  expect_result(run(Newer{"Mean", R"({"axis": [0, 1]})", R"(["$x0"])"}, {table}), {}, {4});
  expect_result(run(Older{"math.reduce_max", R"(["x0", 0, 0, {}])"}, {table}), {}, {9});
}

TEST(Reduction, VarianceIsThatOfThePopulation) {
  expect_result(run(Newer{"Var", R"({"axis": 1})", R"(["$x0"])"}, {table}), {2},
                {2.0 / 3, 14.0 / 3});
}

TEST(Reduction, LogarithmsOfSumsDoNotOverflow) {
  Fed high{{1, 2}, {1000, 1000}};
  expect_result(run(Newer{"Logsumexp", R"({"axis": 1})", R"(["$x0"])"}, {high}), {1},
                {1000.693147});
}

TEST(Reduction, WeightsOfAnAverageLineUpWithItsAxis) {
  expect_result(run(Newer{"Average", R"({"axis": 1})", R"(["$x0", [1.0, 0.0, 3.0]])"}, {table}),
                {2}, {2.5, 7.75});
}

TEST(Ordering, AscendingOrderIsStable) {
  Fed ties{{1, 4}, {2, 1, 2, 0}};
  expect_result(run(Newer{"Argsort", R"({"axis": -1})", R"(["$x0"])"}, {ties}), {1, 4},
                {3, 1, 0, 2});
  expect_result(run(Older{"sort", R"(["x0", 0, 0, {"direction": "DESCENDING"}])"}, {ties}), {1, 4},
                {2, 2, 1, 0});
}

TEST(Ordering, RunningProductsMayExcludeThemselvesAndRunBackwards) {
  Older function{"math.cumprod", R"(["x0", 0, 0, {"axis": 1, "exclusive": true}])"};
  expect_result(run(function, {table}), {2, 3}, {1, 1, 2, 1, 4, 20});
  function.node = R"(["x0", 0, 0, {"axis": 1, "reverse": true}])";
  expect_result(run(function, {table}), {2, 3}, {6, 6, 3, 180, 45, 9});
}

TEST(Ordering, QuantilesLieBetweenElements) {
  expect_result(run(Newer{"Quantile", R"({"axis": 1})", R"(["$x0", [0.25, 1.0]])"}, {table}),
                {2, 2}, {1.5, 4.5, 3, 9});
  expect_result(run(Newer{"Median", R"({"axis": 1, "keepdims": true})", R"(["$x0"])"}, {table}),
                {2, 1}, {2, 5});
}

TEST(Ordering, PlacesOfExtremesAreInt64InTensorFlow) {
  Outputs outputs = run(Older{"math.argmax", R"(["x0", 0, 0, {"axis": -1}])"}, {table});
  expect_result(outputs, {2}, {2, 2});
  EXPECT_EQ((*outputs)[0].type.dtype, DType::i64);
  outputs = run(Newer{"Argmax", R"({"axis": null, "keepdims": true})", R"(["$x0"])"}, {table});
  expect_result(outputs, {1, 1}, {5});
  EXPECT_EQ((*outputs)[0].type.dtype, DType::i32);
}

TEST(Ordering, SparsemaxLowersAsKerasDoes) {
  Fed logits{{1, 3}, {0.5f, 0.4f, -1}};
  // Running sums 0.5 and 0.9 of a support of two: everything is lowered by (1.4 - 1) / 2.
  expect_result(run(Newer{"Sparsemax", R"({"axis": -1})", R"(["$x0"])"}, {logits}), {1, 3},
                {0.3, 0.2, 0});
}

TEST(Ordering, ScoresComeFirstInOlderTensorFlow) {
  Fed scores{{1, 3}, {0.1f, 0.5f, 0.3f}};
  Older function{"compat.v1.math.in_top_k", R"(["x0", 0, 0, {"targets": ["x1", 0, 0], "k": 2}])"};
  expect_result(run(function, {scores, {{1}, {2}, DType::i32}}), {1}, {1});
}

}  // namespace
}  // namespace wherry::keras::test
