// MUL: the product of two tensors.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct Mul {
  Activation fused_activation_function = Activation::none;
  bool operator==(const Mul&) const = default;
};
extern const AttributesType mul_attributes;
extern const OpDef mul;

}  // namespace wherry::op
