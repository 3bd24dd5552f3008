// BIDIRECTIONAL_SEQUENCE_LSTM: a sequence through two LSTM cells, one of them against time.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct BidirectionalSequenceLstm {
  Activation fused_activation_function = Activation::tanh;  ///< of cell gate and output
  float cell_clip = 0, proj_clip = 0;                       ///< 0: no clipping
  bool merge_outputs = false;  ///< one output: forward before backward along the last axis
  bool time_major = true;      ///< data is [time, batch, depth], else [batch, time, depth]
  bool asymmetric_quantize_inputs = false;  ///< of float data for int8 weights
  bool operator==(const BidirectionalSequenceLstm&) const = default;
};
extern const AttributesType bidirectional_sequence_lstm_attributes;

/// Inputs: 0 data; 1-17 of the forward cell and 18-34 of the backward cell, as 1-17 of
/// UNIDIRECTIONAL_SEQUENCE_LSTM; 35-36 and 37-38 their output and cell states; 39 auxiliary data:
/// with the auxiliary weights 40-43 and 44-47 a second input of both cells, without them the
/// backward cell's data.
extern const OpDef bidirectional_sequence_lstm;

}  // namespace wherry::op
