// Determinants, inverses, factors and linear equations of matrices.
#include "keras/functions/function_test.h"

namespace wherry::keras::test {
namespace {

const Fed pair{{2, 2, 2}, {0, 2, 3, 4, 2, 1, 1, 3}};  // the first needs its rows exchanged
const Fed definite{{1, 2, 2}, {4, 2, 2, 5}};

TEST(MatrixSolving, DeterminantsWithTheirSigns) {
  expect_result(run(Newer{"Det", "{}", R"(["$x0"])"}, {pair}), {2}, {-6, 5});
  expect_result(run(Older{"linalg.det", R"(["x0", 0, 0, {}])"}, {pair}), {2}, {-6, 5});
  Fed singular{{1, 2, 2}, {1, 2, 2, 4}};
  expect_result(run(Newer{"Det", "{}", R"(["$x0"])"}, {singular}), {1}, {0});
}

TEST(MatrixSolving, SignsAndLogarithmsOfDeterminants) {
  Outputs both = run(Newer{"Slogdet", "{}", R"(["$x0"])", 2}, {pair});
  expect_result(both, {2}, {-1, 1});
  expect_result(both, {2}, {1.791759469, 1.609437912}, 1);
}

TEST(MatrixSolving, InversesAndSolutions) {
  expect_result(run(Newer{"Inv", "{}", R"(["$x0"])"}, {pair}), {2, 2, 2},
                {-2.0 / 3, 1.0 / 3, 0.5, 0, 0.6, -0.2, -0.2, 0.4});
  expect_result(run(Newer{"Solve", "{}", R"(["$x0", "$x1"])"}, {pair, {{2, 2}, {2, 7, 3, 4}}}),
                {2, 2}, {1, 1, 1, 1});
  Older adjoint{"linalg.solve", R"(["x0", 0, 0, {"rhs": ["x1", 0, 0], "adjoint": true}])"};
  expect_result(run(adjoint, {pair, {{2, 2, 1}, {3, 6, 3, 4}}}), {2, 2, 1}, {1, 1, 1, 1});
}

TEST(MatrixSolving, TrianglesOfDefiniteMatrices) {
  expect_result(run(Newer{"Cholesky", "{}", R"(["$x0"])"}, {definite}), {1, 2, 2}, {2, 0, 1, 2});
  expect_result(run(Newer{"Cholesky", R"({"upper": true})", R"(["$x0"])"}, {definite}), {1, 2, 2},
                {2, 1, 0, 2});
  Older solve{"linalg.triangular_solve", R"(["x0", 0, 0, {"rhs": ["x1", 0, 0]}])"};
  // Only the lower triangle counts: [4, 0], [2, 5].
  expect_result(run(solve, {definite, {{1, 2, 1}, {4, 7}}}), {1, 2, 1}, {1, 1});
  expect_result(run(Newer{"CholeskyInverse", "{}", R"(["$x0"])"}, {{{1, 2, 2}, {2, 9, 1, 2}}}),
                {1, 2, 2}, {0.3125, -0.125, -0.125, 0.25});
}

TEST(MatrixSolving, OtherMatricesAreRefused) {
  std::string text = problem(run(Newer{"Det", "{}", R"(["$x0"])"}, {{{1, 1, 2}, {1, 2}}}));
  EXPECT_NE(text.find("only square matrices of known size"), std::string::npos) << text;
}

}  // namespace
}  // namespace wherry::keras::test
