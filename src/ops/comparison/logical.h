// LOGICAL_AND, LOGICAL_OR and LOGICAL_NOT: combinations of truths.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

/// In the order of the family: none has options, each names its own empty table.
extern const AttributesType logical_attributes[3];
extern const OpDef logical_family[3];
inline constexpr const OpDef& logical_and = logical_family[0];
inline constexpr const OpDef& logical_or = logical_family[1];
inline constexpr const OpDef& logical_not = logical_family[2];

}  // namespace wherry::op
