// MAXIMUM and MINIMUM: the larger or smaller of two tensors.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType extremum_attributes;
extern const OpDef extremum_family[2];
inline constexpr const OpDef& maximum = extremum_family[0];
inline constexpr const OpDef& minimum = extremum_family[1];

}  // namespace wherry::op
