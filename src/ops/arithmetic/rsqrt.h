// RSQRT: one over the square root.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const OpDef rsqrt;

}  // namespace wherry::op
