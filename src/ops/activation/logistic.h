// LOGISTIC: the sigmoid function.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const OpDef logistic;

}  // namespace wherry::op
