// Tests of SPARSE_TO_DENSE.
#include "ops/indexing/sparse_to_dense.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs dense(std::vector<int32_t> indices, bool validate = false) {
  return run_op(op::sparse_to_dense,
                Attributes::of(op::sparse_to_dense_attributes, op::SparseToDense{validate}),
                {fed<int32_t>({2, 2}, indices), constant<int32_t>({2}, {2, 3}),
                 fed<float>({2}, {8, 9}), fed<float>(Shape(), {1})},
                {declared(DType::f32)});
}

TEST(SparseToDense, ReplacesElementsOfADefault) {
  expect_output<float>(dense({0, 1, 1, 2}), {2, 3}, {1, 8, 1, 1, 1, 9});
}

TEST(SparseToDense, RejectsIndicesOutside) {
  expect_problem(dense({0, 3, 0, 0}), "SPARSE_TO_DENSE index 3 is outside the extent 3");
  expect_problem(dense({-1, 0, 0, 0}), "SPARSE_TO_DENSE index -1 is outside");
}

TEST(SparseToDense, CanInsistOnOrder) {
  expect_problem(dense({1, 0, 0, 0}, true), "in order and once each");
  expect_output<float>(dense({1, 0, 0, 0}), {2, 3}, {9, 1, 1, 8, 1, 1});
}

}  // namespace
}  // namespace wherry
