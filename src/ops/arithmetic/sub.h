// SUB: the difference of two tensors.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct Sub {
  Activation fused_activation_function = Activation::none;
  bool pot_scale_int16 = false;  ///< int16 scales are powers of two: shift instead of rescaling
  bool operator==(const Sub&) const = default;
};
extern const AttributesType sub_attributes;
extern const OpDef sub;

}  // namespace wherry::op
