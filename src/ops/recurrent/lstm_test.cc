// Tests of LSTM in its basic form; its full form is that of the sequence operators.
#include "ops/recurrent/lstm.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Attributes basic() {
  return Attributes::of(op::lstm_attributes, op::Lstm{.kernel_type = op::LstmKernel::basic});
}

std::vector<TensorType> outputs() {
  return {type_of(DType::f32, {1, 1}), type_of(DType::f32, {1, 1}), type_of(DType::f32, {1, 2}),
          type_of(DType::f32, {1, 4})};
}

// Weights 0; the biases are those of input, cell, forget and output gate.
std::vector<Operand> one_cell() {
  return {fed<float>({1, 1}, {7}), fed<float>({1, 1}, {9}),
          constant<float>({4, 2}, std::vector<float>(8)), constant<float>({4}, {0, 1, 0, 0}),
          fed<float>({1, 1}, {2})};
}

TEST(Lstm, BasicFormHasItsStateInTensors) {
  auto y = run_op(op::lstm, basic(), one_cell(), outputs());
  ASSERT_TRUE(y) << problem(y);
  float state = 0.5f * std::tanh(1.0f) + 0.5f * 2;
  EXPECT_FLOAT_EQ(elements<float>((*y)[0])[0], 0.5f * std::tanh(state));
  EXPECT_FLOAT_EQ(elements<float>((*y)[1])[0], state);
  EXPECT_EQ(elements<float>((*y)[2]), (std::vector<float>{7, 9}));
  EXPECT_EQ(elements<float>((*y)[3]), (std::vector<float>{0, 1, 0, 0}));
}

TEST(Lstm, BasicFormRejectsWeightsOfAnotherSize) {
  std::vector<Operand> operands = one_cell();
  operands[2] = constant<float>({4, 3}, std::vector<float>(12));
  auto y = run_op(op::lstm, basic(), operands, outputs());
  EXPECT_NE(problem(y).find("needs weights (input 2) of shape [4, 2]"), std::string::npos)
      << problem(y);
}

TEST(Lstm, BasicFormNeedsFiveInputs) {
  std::vector<Operand> operands = one_cell();
  operands.pop_back();
  auto y = run_op(op::lstm, basic(), operands, outputs());
  EXPECT_NE(problem(y).find("needs 5 inputs and 4 outputs"), std::string::npos) << problem(y);
}

TEST(Lstm, FullFormRejectsDiagonalRecurrentWeights) {
  Operand zero = constant<float>({1, 1}, {0}), bias = constant<float>({1}, {0});
  Operand state = variable(type_of(DType::f32, {1, 1}));
  std::vector<Operand> operands = {fed<float>({1, 1}, {0}),
                                   zero,
                                   zero,
                                   zero,
                                   zero,
                                   bias,
                                   bias,
                                   bias,
                                   bias,
                                   absent(),
                                   absent(),
                                   absent(),
                                   bias,
                                   bias,
                                   bias,
                                   bias,
                                   absent(),
                                   absent(),
                                   state,
                                   state};
  auto y = run_op(op::lstm, Attributes::of(op::lstm_attributes, op::Lstm{}), operands,
                  {type_of(DType::f32, {1, 1})});
  EXPECT_NE(problem(y).find("needs recurrent weights of two axes"), std::string::npos)
      << problem(y);
}

}  // namespace
}  // namespace wherry
