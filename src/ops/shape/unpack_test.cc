// Tests of UNPACK.
#include "ops/shape/unpack.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs unpack(op::Unpack options) {
  return run_op(op::unpack, Attributes::of(op::unpack_attributes, options),
                {fed<int32_t>({2, 2}, {1, 2, 3, 4})}, {declared(DType::i32), declared(DType::i32)});
}

TEST(Unpack, TakesATensorApart) {
  expect_output<int32_t>(unpack({2, 1}), {2}, {1, 3}, 0);
  expect_output<int32_t>(unpack({2, 1}), {2}, {2, 4}, 1);
}

TEST(Unpack, RejectsCountsThatDiffer) {
  expect_problem(unpack({3, 0}), "has the option num 3");
  expect_problem(unpack({2, 2}), "out of range");
}

}  // namespace
}  // namespace wherry
