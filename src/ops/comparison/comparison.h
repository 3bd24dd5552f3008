// EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER and GREATER_EQUAL: comparisons of two tensors.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

/// In the order of the family: none has options, each names its own empty table.
extern const AttributesType comparison_attributes[6];
extern const OpDef comparison_family[6];
inline constexpr const OpDef& equal = comparison_family[0];
inline constexpr const OpDef& not_equal = comparison_family[1];
inline constexpr const OpDef& less = comparison_family[2];
inline constexpr const OpDef& less_equal = comparison_family[3];
inline constexpr const OpDef& greater = comparison_family[4];
inline constexpr const OpDef& greater_equal = comparison_family[5];

}  // namespace wherry::op
