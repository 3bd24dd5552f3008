// Tests of CONCATENATION.
#include "ops/shape/concatenation.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs join(int32_t axis, std::vector<Operand> inputs, TensorType output) {
  return run_op(op::concatenation,
                Attributes::of(op::concatenation_attributes, op::Concatenation{axis}), inputs,
                {std::move(output)});
}

TEST(Concatenation, JoinsAlongAnAxis) {
  expect_output<float>(join(-1, {fed<float>({2, 1}, {1, 2}), fed<float>({2, 2}, {3, 4, 5, 6})},
                            declared(DType::f32)),
                       {2, 3}, {1, 3, 4, 2, 5, 6});
}

TEST(Concatenation, BringsUint8ToTheOutputsScale) {
  // 0.5 * (q - 10) stored as 1.0 * (q - 0): 14 -> 2, 10 -> 0, 0 -> clamped, 13 -> 1.5 -> 2.
  expect_output<uint8_t>(join(0, {fed<uint8_t>(type_of(DType::u8, {4}, 0.5f, 10), {14, 10, 0, 13})},
                              type_of(DType::u8, {4}, 1.0f, 0)),
                         {4}, {2, 0, 0, 2});
}

TEST(Concatenation, JoinsInt16AsStoredWhateverTheScales) {
  expect_output<int16_t>(join(0, {fed<int16_t>(type_of(DType::i16, {2}, 0.5f, 0), {14, -300})},
                              type_of(DType::i16, {2}, 1.0f, 0)),
                         {2}, {14, -300});
}

TEST(Concatenation, RejectsOtherScalesOfInt8) {
  expect_problem(join(0, {fed<int8_t>(type_of(DType::i8, {1}, 0.5f, 0), {1})},
                      type_of(DType::i8, {1}, 1.0f, 0)),
                 "needs one scale and zero point");
}

TEST(Concatenation, RejectsShapesThatDiffer) {
  expect_problem(
      join(0, {fed<float>({1, 2}, {1, 2}), fed<float>({1, 3}, {1, 2, 3})}, declared(DType::f32)),
      "cannot join the shapes [1, 2] and [1, 3]");
  expect_problem(join(2, {fed<float>({1, 2}, {1, 2})}, declared(DType::f32)), "out of range");
  expect_problem(join(0, {fed<float>({1}, {1}), absent()}, declared(DType::f32)),
                 "CONCATENATION needs input 1");
}

}  // namespace
}  // namespace wherry
