// BIDIRECTIONAL_SEQUENCE_RNN: a sequence through two plain recurrent cells, one against time.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct BidirectionalSequenceRnn {
  bool time_major = false;  ///< data is [time, batch, depth], else [batch, time, depth]
  Activation fused_activation_function = Activation::none;
  bool merge_outputs = false;  ///< one output: forward before backward along the last axis
  bool asymmetric_quantize_inputs = false;  ///< of float data for int8 weights
  bool operator==(const BidirectionalSequenceRnn&) const = default;
};
extern const AttributesType bidirectional_sequence_rnn_attributes;
/// Inputs: 0 data; 1-4 weights, recurrent weights, bias and state of the forward cell, 5-8 of the
/// backward cell; 9 auxiliary data: with the auxiliary weights 10 and 11 a second input of both
/// cells, without them the backward cell's data.
extern const OpDef bidirectional_sequence_rnn;

}  // namespace wherry::op
