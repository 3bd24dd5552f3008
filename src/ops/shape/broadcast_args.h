// BROADCAST_ARGS: the shape that two shapes broadcast to.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

/// Inputs: two shapes as vectors; the result is a shape too.
extern const OpDef broadcast_args;

}  // namespace wherry::op
