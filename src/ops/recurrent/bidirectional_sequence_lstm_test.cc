// Tests of BIDIRECTIONAL_SEQUENCE_LSTM.
#include "ops/recurrent/bidirectional_sequence_lstm.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

/// Two cells as in the tests of UNIDIRECTIONAL_SEQUENCE_LSTM: outputs depend on the step alone.
std::vector<Operand> cells(const Shape& shape) {
  Operand zero = constant<float>({1, 1}, {0}), bias = constant<float>({1}, {0});
  std::vector<Operand> operands = {
      fed<float>(shape, std::vector<float>(static_cast<size_t>(shape.elements())))};
  for (int cell = 0; cell < 2; ++cell) {
    for (int i = 0; i < 8; ++i) operands.push_back(zero);
    for (int i = 0; i < 3; ++i) operands.push_back(absent());
    for (int i = 0; i < 4; ++i) operands.push_back(i == 2 ? constant<float>({1}, {1}) : bias);
    for (int i = 0; i < 2; ++i) operands.push_back(absent());
  }
  for (int i = 0; i < 4; ++i) operands.push_back(variable(type_of(DType::f32, {2, 1})));
  for (int i = 0; i < 9; ++i) operands.push_back(absent());
  return operands;
}

constexpr float first = 0.18169974f, second = 0.2581184f;

void expect_near(const Tensor& tensor, const std::vector<float>& expected) {
  std::vector<float> got = elements<float>(tensor);
  ASSERT_EQ(got.size(), expected.size());
  for (size_t i = 0; i < got.size(); ++i) EXPECT_FLOAT_EQ(got[i], expected[i]) << "at " << i;
}

TEST(BidirectionalSequenceLstm, EachSequenceOfABatchHasItsOwnStateWhenOutputsAreMerged) {
  Attributes merged =
      Attributes::of(op::bidirectional_sequence_lstm_attributes,
                     op::BidirectionalSequenceLstm{.merge_outputs = true, .time_major = false});
  auto y = run_op(op::bidirectional_sequence_lstm, merged, cells({2, 2, 1}),
                  {type_of(DType::f32, {2, 2, 2})});
  ASSERT_TRUE(y) << problem(y);
  expect_near((*y)[0], {first, second, second, first, first, second, second, first});
}

TEST(BidirectionalSequenceLstm, TimeMajorDataHasTheStepsOutermost) {
  TensorType type = type_of(DType::f32, {2, 2, 1});
  auto y = run_op(op::bidirectional_sequence_lstm,
                  Attributes::defaults(op::bidirectional_sequence_lstm_attributes),
                  cells({2, 2, 1}), {type, type});
  ASSERT_TRUE(y) << problem(y);
  expect_near((*y)[0], {first, first, second, second});
  expect_near((*y)[1], {second, second, first, first});
}

TEST(BidirectionalSequenceLstm, NeedsAnOutputForEachDirection) {
  auto y = run_op(op::bidirectional_sequence_lstm,
                  Attributes::defaults(op::bidirectional_sequence_lstm_attributes),
                  cells({2, 2, 1}), {type_of(DType::f32, {2, 2, 1})});
  EXPECT_NE(problem(y).find("needs 48 inputs and 2 outputs, got 48 and 1"), std::string::npos)
      << problem(y);
}

}  // namespace
}  // namespace wherry
