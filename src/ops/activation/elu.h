// ELU: linear above zero, exponential below.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const OpDef elu;

}  // namespace wherry::op
