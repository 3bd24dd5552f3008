// Roll: elements moved along axes, those that leave at one end come in at the other.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

/// Inputs: x, how far (a number or one per axis), the axes.
extern const OpDef roll;

}  // namespace wherry::op
