// MEAN: the average along axes.
#pragma once

#include "ir/op_def.h"
#include "ops/reduction/reduction.h"

namespace wherry::op {

extern const OpDef mean;

}  // namespace wherry::op
