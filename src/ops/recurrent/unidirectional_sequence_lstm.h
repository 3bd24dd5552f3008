// UNIDIRECTIONAL_SEQUENCE_LSTM: a whole sequence through one LSTM cell.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct UnidirectionalSequenceLstm {
  Activation fused_activation_function = Activation::tanh;  ///< of cell gate and output
  float cell_clip = 0, proj_clip = 0;                       ///< 0: no clipping
  bool time_major = false;  ///< data is [time, batch, depth], else [batch, time, depth]
  bool asymmetric_quantize_inputs = false;  ///< of float data for int8 weights
  bool diagonal_recurrent_tensors = false;  ///< recurrent weights may be vectors
  bool operator==(const UnidirectionalSequenceLstm&) const = default;
};
extern const AttributesType unidirectional_sequence_lstm_attributes;

/// Inputs, absent ones no_value; gates in the order input, forget, cell, output:
///  0     data [batch, time, depth] or [time, batch, depth]
///  1-4   weights of data [cells, depth], by gate; without 1, 5 and 12 the input gate is one minus
///        the forget gate
///  5-8   recurrent weights [cells, outputs], by gate
///  9-11  peephole weights [cells] of input, forget and output gate, optional
///  12-15 biases [cells], by gate
///  16-17 projection weights [outputs, cells] and bias [outputs], optional; without them outputs
///        and cells are the same
///  18-19 output state [batch, outputs] and cell state [batch, cells]: variables (is_variable)
///  20-23 layer normalisation [cells], by gate, optional
/// Output: as the data, with outputs in place of depth. An int8 node has five intermediates: the
/// scales of the four gates before normalisation, and of the output before the projection.
extern const OpDef unidirectional_sequence_lstm;

}  // namespace wherry::op
