// Reductions that several functions are made of.
#pragma once

#include "keras/emitter.h"

namespace wherry::keras {

/// All elements in one axis.
Expected<ValueId> flattened(Emitter& emitter, ValueId x);
/// The mean of the squared distances from the mean.
Expected<ValueId> variance(Emitter& emitter, ValueId x, const std::vector<int64_t>& axes,
                           bool keep);
/// log(sum(exp(x))) without overflow.
Expected<ValueId> log_sum_exp(Emitter& emitter, ValueId x, const std::vector<int64_t>& axes,
                              bool keep);

}  // namespace wherry::keras
