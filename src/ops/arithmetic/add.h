// ADD: the sum of two tensors.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct Add {
  Activation fused_activation_function = Activation::none;
  bool pot_scale_int16 = false;  ///< int16 scales are powers of two: shift instead of rescaling
  bool operator==(const Add&) const = default;
};
extern const AttributesType add_attributes;
extern const OpDef add;

}  // namespace wherry::op
