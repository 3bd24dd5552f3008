// MEAN: the average along axes.
#pragma once

#include "ir/op_def.h"
#include "ops/fixed_point.h"
#include "ops/reduction/reduction.h"

namespace wherry::op {

extern const OpDef mean;

/// The factor with the division by `count` folded in, keeping as many bits as fit.
FixedMultiplier mean_factor(double scale_ratio, int64_t count);

}  // namespace wherry::op
