// RELU, RELU6, RELU_N1_TO_1 and RELU_0_TO_1: clamps.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const OpDef relu_family[4];
inline constexpr const OpDef& relu = relu_family[0];
inline constexpr const OpDef& relu6 = relu_family[1];
inline constexpr const OpDef& relu_n1_to_1 = relu_family[2];
inline constexpr const OpDef& relu_0_to_1 = relu_family[3];

}  // namespace wherry::op
