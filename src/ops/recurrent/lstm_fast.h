// Fast steps of the plain LSTM cell: four gates, no peepholes, projection or normalisation.
#pragma once

#include "ops/recurrent/lstm_cell.h"
#include "runtime/plan.h"

namespace wherry::recurrent {

/// What float and integer steps have in common.
struct LstmPlan {
  LstmInputs inputs;
  LstmRules rules;
  SequenceLayout layout;
  size_t depth = 0, cells = 0;
  size_t tasks = 1;  ///< sequences of the batch are spread over them

  int data_weights(int gate) const { return inputs.data_weights + gate; }
  int recurrent_weights(int gate) const { return inputs.recurrent_weights + gate; }
  int bias(int gate) const { return inputs.biases + gate; }
};

/// float32 data with float32 weights, or with int8 weights of zero point 0.
PlanResult plan_float_lstm(PlanContext& context, const LstmPlan& plan);
/// int8 data and weights.
PlanResult plan_integer_lstm(PlanContext& context, const LstmPlan& plan);

/// For each row of an int8 matrix the sum of its elements.
std::shared_ptr<const std::vector<int32_t>> row_sums(PlanContext& context, int input);

}  // namespace wherry::recurrent
