// DIV: the quotient of two tensors.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct Div {
  Activation fused_activation_function = Activation::none;
  bool operator==(const Div&) const = default;
};
extern const AttributesType div_attributes;
extern const OpDef div;

}  // namespace wherry::op
