// Tests of UNIDIRECTIONAL_SEQUENCE_LSTM and of the cell it shares with the other LSTM operators.
#include "ops/recurrent/unidirectional_sequence_lstm.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

/// One cell, one sequence: every weight 0, biases 0 but the cell gate's, which is 1.
std::vector<Operand> one_cell(std::vector<float> x, bool couples_gates = false) {
  Operand zero = constant<float>({1, 1}, {0}), bias = constant<float>({1}, {0});
  Operand input = couples_gates ? absent() : zero;
  int64_t time = static_cast<int64_t>(x.size());
  return {fed<float>({1, time, 1}, std::move(x)),
          input,
          zero,
          zero,
          zero,
          input,
          zero,
          zero,
          zero,
          absent(),
          absent(),
          absent(),
          couples_gates ? absent() : bias,
          bias,
          constant<float>({1}, {1}),
          bias,
          absent(),
          absent(),
          variable(type_of(DType::f32, {1, 1})),
          variable(type_of(DType::f32, {1, 1}))};
}

Attributes options(op::UnidirectionalSequenceLstm options = {}) {
  return Attributes::of(op::unidirectional_sequence_lstm_attributes, options);
}

auto run(const std::vector<Operand>& operands, op::UnidirectionalSequenceLstm chosen = {},
         int runs = 1) {
  return run_op(op::unidirectional_sequence_lstm, options(chosen), operands,
                {type_of(DType::f32, operands[0].type.shape)}, runs);
}

// All gates are 0.5 and the cell gate tanh(1), so c = c / 2 + tanh(1) / 2 and y = tanh(c) / 2.
constexpr float first = 0.18169974f, second = 0.2581184f;

TEST(UnidirectionalSequenceLstm, CarriesItsStateThroughTheSequence) {
  auto y = run(one_cell({0, 0}));
  ASSERT_TRUE(y) << problem(y);
  EXPECT_FLOAT_EQ(elements<float>((*y)[0])[0], first);
  EXPECT_FLOAT_EQ(elements<float>((*y)[0])[1], second);
}

TEST(UnidirectionalSequenceLstm, KeepsItsStateFromRunToRun) {
  auto y = run(one_cell({0}), {}, 2);
  ASSERT_TRUE(y) << problem(y);
  EXPECT_FLOAT_EQ(elements<float>((*y)[0])[0], second);
}

TEST(UnidirectionalSequenceLstm, WithoutAnInputGateTakesWhatTheForgetGateLeaves) {
  auto y = run(one_cell({0}, true));
  ASSERT_TRUE(y) << problem(y);
  EXPECT_FLOAT_EQ(elements<float>((*y)[0])[0], first);
}

TEST(UnidirectionalSequenceLstm, ClipsTheCellState) {
  auto y = run(one_cell({0}), {.cell_clip = 0.25f});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_FLOAT_EQ(elements<float>((*y)[0])[0], 0.5f * std::tanh(0.25f));
}

TEST(UnidirectionalSequenceLstm, AcceptsDiagonalRecurrentWeights) {
  std::vector<Operand> operands = one_cell({0, 0});
  for (size_t i = 5; i < 9; ++i) operands[i] = constant<float>({1}, {0});
  auto y = run(operands);
  ASSERT_TRUE(y) << problem(y);
  EXPECT_FLOAT_EQ(elements<float>((*y)[0])[1], second);
}

void expect_problem(std::vector<Operand> operands, std::string_view text,
                    op::UnidirectionalSequenceLstm chosen = {}) {
  auto y = run(operands, chosen);
  EXPECT_NE(problem(y).find(text), std::string::npos) << problem(y);
}

TEST(UnidirectionalSequenceLstm, RejectsStateThatIsNoVariable) {
  std::vector<Operand> operands = one_cell({0});
  operands[19] = constant<float>({1, 1}, {0});
  expect_problem(operands, "needs a variable as state");
}

TEST(UnidirectionalSequenceLstm, RejectsStateOfAnotherBatch) {
  std::vector<Operand> operands = one_cell({0});
  operands[18] = variable(type_of(DType::f32, {2, 1}));
  expect_problem(operands, "needs a state of 1 elements as input 18");
}

TEST(UnidirectionalSequenceLstm, RejectsHalfAnInputGate) {
  std::vector<Operand> operands = one_cell({0});
  operands[1] = absent();
  expect_problem(operands, "no weights of the input gate, and yet an input 5");
}

TEST(UnidirectionalSequenceLstm, RejectsMoreOutputsThanCellsWithoutProjection) {
  std::vector<Operand> operands = one_cell({0});
  operands[8] = constant<float>({1, 2}, {0, 0});
  expect_problem(operands, "1 cells and 2 outputs but no projection");
}

TEST(UnidirectionalSequenceLstm, RejectsNegativeClips) {
  expect_problem(one_cell({0}), "clips of 0 or more", {.proj_clip = -1});
}

TEST(UnidirectionalSequenceLstm, RejectsInt8DataWithFloatWeights) {
  std::vector<Operand> operands = one_cell({0});
  operands[0] = fed<int8_t>(type_of(DType::i8, {1, 1, 1}, 0.5f, 0), {0});
  expect_problem(operands, "does not support data of type i8 with weights of type f32");
}

}  // namespace
}  // namespace wherry
