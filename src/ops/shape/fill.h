// FILL: a tensor of one value.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType fill_attributes;
/// Inputs: dims, value (a scalar).
extern const OpDef fill;

}  // namespace wherry::op
