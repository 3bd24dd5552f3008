// LSTM: one time step of an LSTM cell.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

enum class LstmKernel : int8_t {
  full = 0,   ///< inputs as of UNIDIRECTIONAL_SEQUENCE_LSTM, state in variables
  basic = 1,  ///< five inputs and four outputs, state in plain tensors
};

struct Lstm {
  Activation fused_activation_function = Activation::tanh;  ///< of cell gate and output
  float cell_clip = 0, proj_clip = 0;                       ///< 0: no clipping
  LstmKernel kernel_type = LstmKernel::full;
  bool asymmetric_quantize_inputs = false;  ///< of float data for int8 weights
  bool operator==(const Lstm&) const = default;
};
extern const AttributesType lstm_attributes;

/// Full: inputs as of UNIDIRECTIONAL_SEQUENCE_LSTM with data [batch, depth], output [batch,
/// outputs]. Basic: data, previous output [batch, units], weights [4 * units, depth + units], bias
/// [4 * units], previous state [batch, units]; outputs are output, state, the concatenation of data
/// and previous output, and the sums of the gates (input, cell, forget, output).
extern const OpDef lstm;

}  // namespace wherry::op

namespace wherry {
template <>
struct EnumNames<op::LstmKernel> {
  static constexpr std::string_view names[] = {"full", "basic"};
};
}  // namespace wherry
