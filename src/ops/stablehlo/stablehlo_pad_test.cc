// Tests of STABLEHLO_PAD.
#include "ops/stablehlo/stablehlo_pad.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs pad(op::StablehloPad options) {
  return run_op(op::stablehlo_pad, Attributes::of(op::stablehlo_pad_attributes, options),
                {fed<int32_t>({3}, {1, 2, 3}), fed<int32_t>(Shape(), {0})}, {declared(DType::i32)});
}

TEST(StablehloPad, PadsAroundAndBetween) {
  expect_output<int32_t>(pad({{1}, {2}, {1}}), {8}, {0, 1, 0, 2, 0, 3, 0, 0});
}

TEST(StablehloPad, NegativeAmountsCut) {
  expect_output<int32_t>(pad({{-1}, {-2}, {2}}), {4}, {0, 0, 2, 0});
  expect_output<int32_t>(pad({{-2}, {-2}, {0}}), {0}, {});
  const int64_t wide = int64_t{1} << 40;
  expect_output<int32_t>(pad({{-wide}, {5 - wide}, {wide - 1}}), {6}, {2, 0, 0, 0, 0, 0});
}

TEST(StablehloPad, RejectsNegativeGapsAndOverflow) {
  expect_problem(pad({{0}, {0}, {-1}}), "cannot pad -1 between elements");
  expect_problem(pad({{INT64_MAX}, {INT64_MIN}, {0}}), "cannot pad by 9223372036854775807 before");
  expect_problem(pad({{0}, {0}, {int64_t{1} << 61}}), "between elements");
  expect_problem(pad({{0, 0}, {0}, {0}}), "got the amounts");
}

}  // namespace
}  // namespace wherry
