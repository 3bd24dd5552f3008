// SIGN, and the custom operator Sign: -1, 0 or 1.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType sign_attributes;
extern const OpDef sign_family[2];
inline constexpr const OpDef& sign = sign_family[0];
inline constexpr const OpDef& sign_custom = sign_family[1];

}  // namespace wherry::op
