// SCATTER_ND: adds slices up at the places that index vectors point at.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType scatter_nd_attributes;
/// Inputs: indices [..., depth], updates, shape of the result.
extern const OpDef scatter_nd;

}  // namespace wherry::op
