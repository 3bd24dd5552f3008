// BITWISE_XOR and RIGHT_SHIFT: integers as rows of bits.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType bitwise_xor_attributes;
extern const AttributesType right_shift_attributes;
extern const OpDef bitwise_family[2];
inline constexpr const OpDef& bitwise_xor = bitwise_family[0];
inline constexpr const OpDef& right_shift = bitwise_family[1];

}  // namespace wherry::op
