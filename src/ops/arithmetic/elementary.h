// EXP, LOG, SIN and COS: elementary functions of each element.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType exp_attributes;
extern const AttributesType cos_attributes;
extern const OpDef elementary_family[4];
inline constexpr const OpDef& exp = elementary_family[0];
inline constexpr const OpDef& log = elementary_family[1];
inline constexpr const OpDef& sin = elementary_family[2];
inline constexpr const OpDef& cos = elementary_family[3];

}  // namespace wherry::op
