// SQRT: square roots.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const OpDef sqrt;

}  // namespace wherry::op
