// SVDF: a dense layer over the last time steps, factored into features and time.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct Svdf {
  int32_t rank = 1;  ///< filters per unit
  Activation fused_activation_function = Activation::none;
  bool asymmetric_quantize_inputs = false;  ///< of float data for int8 weights
  bool operator==(const Svdf&) const = default;
};
extern const AttributesType svdf_attributes;
/// Inputs: data [batch, depth], feature weights [filters, depth], time weights [filters, memory],
/// bias [filters / rank] or absent, state [batch, filters * memory] (a variable).
extern const OpDef svdf;

}  // namespace wherry::op
