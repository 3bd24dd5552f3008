// FLOOR, CEIL and ROUND: integers near each element.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const OpDef rounding_family[3];
inline constexpr const OpDef& floor = rounding_family[0];
inline constexpr const OpDef& ceil = rounding_family[1];
inline constexpr const OpDef& round = rounding_family[2];

}  // namespace wherry::op
