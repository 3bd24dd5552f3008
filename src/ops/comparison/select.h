// SELECT and SELECT_V2: elements of one tensor or another, by a condition.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType select_attributes;
extern const AttributesType select_v2_attributes;
extern const OpDef select_family[2];
/// Inputs: condition, a, b. SELECT: a and b of one shape; the condition has it too, or is a scalar,
/// or a vector along the first axis. SELECT_V2: all three broadcast.
inline constexpr const OpDef& select = select_family[0];
inline constexpr const OpDef& select_v2 = select_family[1];

}  // namespace wherry::op
