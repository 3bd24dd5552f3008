// REDUCE_PROD: the product along axes.
#pragma once

#include "ir/op_def.h"
#include "ops/reduction/reduction.h"

namespace wherry::op {

extern const OpDef reduce_prod;

}  // namespace wherry::op
