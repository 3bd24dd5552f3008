// L2_NORMALIZATION: vectors along the last axis brought to length 1.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct L2Normalization {
  Activation fused_activation_function = Activation::none;  ///< no runtime fuses any
  bool operator==(const L2Normalization&) const = default;
};
extern const AttributesType l2_normalization_attributes;
extern const OpDef l2_normalization;

}  // namespace wherry::op
