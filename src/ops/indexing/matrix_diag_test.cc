// Tests of MATRIX_DIAG and MATRIX_SET_DIAG.
#include "ops/indexing/matrix_diag.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

TEST(MatrixDiag, PutsVectorsOnDiagonals) {
  auto y = run_op(op::matrix_diag, no_options(), {fed<float>({2}, {1, 2})}, {declared(DType::f32)});
  expect_output<float>(y, {2, 2}, {1, 0, 0, 2});
}

TEST(MatrixSetDiag, ReplacesDiagonals) {
  auto y = run_op(op::matrix_set_diag, no_options(),
                  {fed<float>({2, 3}, {1, 1, 1, 1, 1, 1}), fed<float>({2}, {8, 9})},
                  {declared(DType::f32)});
  expect_output<float>(y, {2, 3}, {8, 1, 1, 1, 9, 1});
}

TEST(MatrixSetDiag, RejectsDiagonalsOfAnotherLength) {
  auto y = run_op(op::matrix_set_diag, no_options(),
                  {fed<float>({2, 3}, {1, 1, 1, 1, 1, 1}), fed<float>({3}, {7, 8, 9})},
                  {declared(DType::f32)});
  expect_problem(y, "needs diagonals of shape [2]");
}

}  // namespace
}  // namespace wherry
