// UNIDIRECTIONAL_SEQUENCE_RNN: a whole sequence through one plain recurrent cell.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct UnidirectionalSequenceRnn {
  bool time_major = false;  ///< data is [time, batch, depth], else [batch, time, depth]
  Activation fused_activation_function = Activation::none;
  bool asymmetric_quantize_inputs = false;  ///< of float data for int8 weights
  bool operator==(const UnidirectionalSequenceRnn&) const = default;
};
extern const AttributesType unidirectional_sequence_rnn_attributes;
/// Inputs: data, weights [units, depth], recurrent weights [units, units], bias [units], state
/// [batch, units] (a variable).
extern const OpDef unidirectional_sequence_rnn;

}  // namespace wherry::op
