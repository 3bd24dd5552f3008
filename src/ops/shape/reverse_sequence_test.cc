// Tests of REVERSE_SEQUENCE.
#include "ops/shape/reverse_sequence.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs reverse(std::vector<int32_t> lengths, int32_t seq_dim = 1) {
  return run_op(op::reverse_sequence,
                Attributes::of(op::reverse_sequence_attributes, op::ReverseSequence{seq_dim, 0}),
                {fed<int32_t>({2, 3}, {1, 2, 3, 4, 5, 6}), fed<int32_t>({2}, lengths)},
                {declared(DType::i32)});
}

TEST(ReverseSequence, TurnsTheFirstElementsAround) {
  expect_output<int32_t>(reverse({2, 3}), {2, 3}, {2, 1, 3, 6, 5, 4});
  expect_output<int32_t>(reverse({0, 1}), {2, 3}, {1, 2, 3, 4, 5, 6});
}

TEST(ReverseSequence, RejectsLengthsAndAxesOutOfRange) {
  expect_problem(reverse({4, 1}), "cannot turn 4 of 3 elements around");
  expect_problem(reverse({-1, 1}), "cannot turn -1 of 3 elements around");
  expect_problem(reverse({1, 1}, 0), "two different axes");
}

}  // namespace
}  // namespace wherry
