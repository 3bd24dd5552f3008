// Tests of RNN, UNIDIRECTIONAL_SEQUENCE_RNN and BIDIRECTIONAL_SEQUENCE_RNN.
#include "ops/recurrent/rnn.h"

#include "ops/op_test.h"
#include "ops/recurrent/bidirectional_sequence_rnn.h"
#include "ops/recurrent/unidirectional_sequence_rnn.h"

namespace wherry {
namespace {

using namespace test;

/// y = 2 x + 3 y + 0.5
std::vector<Operand> cell(Operand x) {
  return {std::move(x), constant<float>({1, 1}, {2}), constant<float>({1, 1}, {3}),
          constant<float>({1}, {0.5f}), variable(type_of(DType::f32, {1, 1}))};
}

TEST(Rnn, KeepsItsStateFromRunToRun) {
  auto y = run_op(op::rnn, Attributes::defaults(op::rnn_attributes), cell(fed<float>({1, 1}, {1})),
                  {type_of(DType::f32, {1, 1})}, 2);
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<float>((*y)[0]), (std::vector<float>{10}));
}

TEST(UnidirectionalSequenceRnn, CarriesItsStateThroughTheSequence) {
  auto y = run_op(op::unidirectional_sequence_rnn,
                  Attributes::defaults(op::unidirectional_sequence_rnn_attributes),
                  cell(fed<float>({1, 2, 1}, {1, 2})), {type_of(DType::f32, {1, 2, 1})});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<float>((*y)[0]), (std::vector<float>{2.5f, 12}));
}

std::vector<Operand> both_cells() {
  std::vector<Operand> operands = cell(fed<float>({1, 2, 1}, {1, 2}));
  for (size_t i = 1; i < 5; ++i) operands.push_back(operands[i]);
  for (int i = 0; i < 3; ++i) operands.push_back(absent());
  return operands;
}

TEST(BidirectionalSequenceRnn, RunsItsSecondCellAgainstTime) {
  TensorType type = type_of(DType::f32, {1, 2, 1});
  auto y = run_op(op::bidirectional_sequence_rnn,
                  Attributes::defaults(op::bidirectional_sequence_rnn_attributes), both_cells(),
                  {type, type});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<float>((*y)[0]), (std::vector<float>{2.5f, 12}));
  EXPECT_EQ(elements<float>((*y)[1]), (std::vector<float>{16, 4.5f}));
}

TEST(BidirectionalSequenceRnn, MergesItsOutputsStepByStep) {
  Attributes merged = Attributes::of(op::bidirectional_sequence_rnn_attributes,
                                     op::BidirectionalSequenceRnn{.merge_outputs = true});
  auto y = run_op(op::bidirectional_sequence_rnn, merged, both_cells(),
                  {type_of(DType::f32, {1, 2, 2})});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<float>((*y)[0]), (std::vector<float>{2.5f, 16, 12, 4.5f}));
}

TEST(BidirectionalSequenceRnn, RejectsAuxiliaryWeightsWithoutData) {
  std::vector<Operand> operands = both_cells();
  operands[10] = operands[11] = constant<float>({1, 1}, {1});
  TensorType type = type_of(DType::f32, {1, 2, 1});
  auto y = run_op(op::bidirectional_sequence_rnn,
                  Attributes::defaults(op::bidirectional_sequence_rnn_attributes), operands,
                  {type, type});
  EXPECT_NE(problem(y).find("auxiliary weights but no auxiliary data"), std::string::npos)
      << problem(y);
}

TEST(Rnn, RejectsRecurrentWeightsThatAreNotSquare) {
  std::vector<Operand> operands = cell(fed<float>({1, 1}, {1}));
  operands[2] = constant<float>({1, 2}, {1, 1});
  auto y = run_op(op::rnn, Attributes::defaults(op::rnn_attributes), operands,
                  {type_of(DType::f32, {1, 1})});
  EXPECT_NE(problem(y).find("recurrent weights (input 2) of shape [1, 1]"), std::string::npos)
      << problem(y);
}

}  // namespace
}  // namespace wherry
