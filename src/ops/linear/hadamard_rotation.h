// aeq.hadamard_rotation: each run of elements times a Hadamard matrix.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const OpDef hadamard_rotation;

}  // namespace wherry::op
