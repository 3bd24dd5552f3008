// FLOOR_DIV and FLOOR_MOD: division towards minus infinity, and what it leaves.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType floor_div_attributes;
extern const AttributesType floor_mod_attributes;
extern const OpDef floor_division_family[2];
inline constexpr const OpDef& floor_div = floor_division_family[0];
inline constexpr const OpDef& floor_mod = floor_division_family[1];

}  // namespace wherry::op
