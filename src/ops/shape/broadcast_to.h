// BROADCAST_TO and BROADCAST_ARGS: repeat extents of 1, and find the shape two shapes broadcast to.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType broadcast_to_attributes;
/// Inputs: x, shape.
extern const OpDef broadcast_to;
/// Inputs: two shapes as vectors; the result is a shape too.
extern const OpDef broadcast_args;

}  // namespace wherry::op
