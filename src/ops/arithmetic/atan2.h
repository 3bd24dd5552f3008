// ATAN2, and the custom operator Atan2: the angle of a point.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType atan2_attributes;
extern const OpDef atan2_family[2];
inline constexpr const OpDef& atan2 = atan2_family[0];
inline constexpr const OpDef& atan2_custom = atan2_family[1];

}  // namespace wherry::op
