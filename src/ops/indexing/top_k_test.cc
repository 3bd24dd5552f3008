// Tests of TOPK_V2.
#include "ops/indexing/top_k.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs top(int32_t k) {
  return run_op(op::top_k, no_options(),
                {fed<float>({2, 4}, {1, 3, 3, 2, NAN, -1, 0, -5}), constant<int32_t>(Shape(), {k})},
                {declared(DType::f32), declared(DType::i32)});
}

TEST(TopK, TakesTheLargestEarlierOnesFirst) {
  expect_output<float>(top(2), {2, 2}, {3, 3, 0, -1}, 0);
  expect_output<int32_t>(top(2), {2, 2}, {1, 2, 2, 1}, 1);
}

TEST(TopK, NegativeCountsTakeNothing) { expect_output<int32_t>(top(-3), {2, 0}, {}, 1); }

TEST(TopK, RejectsMoreThanARow) {
  expect_problem(top(5), "TOPK_V2 cannot take 5 elements of rows of 4");
}

}  // namespace
}  // namespace wherry
