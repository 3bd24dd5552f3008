// HARD_SWISH: x * relu6(x + 3) / 6.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const OpDef hard_swish;

}  // namespace wherry::op
