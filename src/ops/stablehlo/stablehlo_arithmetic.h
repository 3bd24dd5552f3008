// STABLEHLO_ADD, MULTIPLY, MAXIMUM, MINIMUM, AND and SHIFT_LEFT: two tensors of one shape.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType stablehlo_shift_left_attributes;
extern const OpDef stablehlo_arithmetic_family[6];
inline constexpr const OpDef& stablehlo_add = stablehlo_arithmetic_family[0];
inline constexpr const OpDef& stablehlo_multiply = stablehlo_arithmetic_family[1];
inline constexpr const OpDef& stablehlo_maximum = stablehlo_arithmetic_family[2];
inline constexpr const OpDef& stablehlo_minimum = stablehlo_arithmetic_family[3];
inline constexpr const OpDef& stablehlo_and = stablehlo_arithmetic_family[4];
inline constexpr const OpDef& stablehlo_shift_left = stablehlo_arithmetic_family[5];

}  // namespace wherry::op
