// Tests of FILL.
#include "ops/shape/fill.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs fill(std::vector<int32_t> dims) {
  return run_op(
      op::fill, no_options(),
      {constant<int32_t>({static_cast<int64_t>(dims.size())}, dims), fed<int16_t>(Shape(), {7})},
      {declared(DType::i16)});
}

TEST(Fill, RepeatsOneValue) {
  expect_output<int16_t>(fill({2, 1}), {2, 1}, {7, 7});
  expect_output<int16_t>(fill({0, 3}), {0, 3}, {});
}

TEST(Fill, RejectsShapesThatCannotBe) {
  expect_problem(fill({-1}), "negative extent");
  expect_problem(fill({INT32_MAX, INT32_MAX, INT32_MAX}), "overflows");
  expect_problem(fill({INT32_MAX, 1024}), "the tensors need more than");
}

}  // namespace
}  // namespace wherry
