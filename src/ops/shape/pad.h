// PAD and PADV2: widen a tensor with a constant border.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType pad_attributes, padv2_attributes;
extern const OpDef pad_family[2];
/// Inputs: x, paddings [rank, 2]. Pads with the stored zero point.
inline constexpr const OpDef& pad = pad_family[0];
/// Inputs: x, paddings [rank, 2], value (one element, in the scale of x).
inline constexpr const OpDef& padv2 = pad_family[1];

}  // namespace wherry::op
