// The fixed-point factors of an integer LSTM cell, made from the scales of its tensors.
#pragma once

#include "ops/fixed_point.h"
#include "ops/recurrent/lstm_cell.h"

namespace wherry::recurrent {

struct GateScales {
  FixedMultiplier data, recurrent, peephole, norm;
  int32_t variance_guard = 1;  ///< stands in for a variance below 1
};

struct IntegerLstmScales {
  GateScales gates[4];
  FixedMultiplier hidden, projection;
  int cell_exponent = 0;  ///< the scale of the cell state is 2^cell_exponent
  int32_t data_zero = 0, output_zero = 0, hidden_zero = 0;
  int32_t cell_clip = 0, projection_clip = 0;  ///< in stored units; 0: none

  /// For a cell whose tensors check_lstm has accepted. `types` are those of the node's inputs, null
  /// when absent. Errors: scales that the integer kernels cannot work with.
  static Expected<IntegerLstmScales> of(const Graph& graph, const Node& node,
                                        std::span<const TensorType* const> types,
                                        const LstmInputs& inputs, const LstmRules& rules);
};

/// The types of all inputs; null where absent.
std::vector<const TensorType*> input_types(const InferContext& context);
std::vector<const TensorType*> input_types(const Call& call);

}  // namespace wherry::recurrent
