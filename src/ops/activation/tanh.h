// TANH: the hyperbolic tangent.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const OpDef tanh;

}  // namespace wherry::op
