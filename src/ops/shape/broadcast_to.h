// BROADCAST_TO: repeats extents of 1 up to a given shape.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType broadcast_to_attributes;
/// Inputs: x, shape.
extern const OpDef broadcast_to;

}  // namespace wherry::op
