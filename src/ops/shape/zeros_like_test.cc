// Tests of ZEROS_LIKE.
#include "ops/shape/zeros_like.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

TEST(ZerosLike, HasShapeAndTypeOfItsInput) {
  auto zeros = [](Operand x, DType type) {
    return run_op(op::zeros_like, Attributes::defaults(op::zeros_like_attributes), {std::move(x)},
                  {declared(type)});
  };
  expect_output<float>(zeros(fed<float>({2, 1}, {1, NAN}), DType::f32), {2, 1}, {0, 0});
  expect_output<int64_t>(zeros(fed<int64_t>({1}, {-1}), DType::i64), {1}, {0});
  expect_problem(zeros(fed<int8_t>({1}, {1}), DType::i8), "ZEROS_LIKE does not support input 0");
}

}  // namespace
}  // namespace wherry
