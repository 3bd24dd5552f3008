// GATHER_ND: takes the slices of params that index vectors point at.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType gather_nd_attributes;
/// Inputs: params, indices [..., depth].
extern const OpDef gather_nd;

}  // namespace wherry::op
