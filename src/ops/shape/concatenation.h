// CONCATENATION: joins tensors along one axis.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct Concatenation {
  int32_t axis = 0;
  Activation fused_activation_function = Activation::none;  ///< no runtime fuses any
  bool operator==(const Concatenation&) const = default;
};
extern const AttributesType concatenation_attributes;
extern const OpDef concatenation;

}  // namespace wherry::op
