// RNN: one time step of a plain recurrent cell.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct Rnn {
  Activation fused_activation_function = Activation::none;
  bool asymmetric_quantize_inputs = false;  ///< of float data for int8 weights
  bool operator==(const Rnn&) const = default;
};
extern const AttributesType rnn_attributes;
/// Inputs: data [batch, depth], weights [units, depth], recurrent weights [units, units], bias
/// [units], state [batch, units] (a variable).
extern const OpDef rnn;

}  // namespace wherry::op
