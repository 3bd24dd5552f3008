// Weights with their axes in another order.
#pragma once

#include "ir/workshop.h"
#include "keras/reader/weights.h"

namespace wherry::keras {

/// The floats of a weight; axis i of the result is axis order[i] of the weight. Errors: those of
/// float_constant.
Expected<Constant> permuted(const Weight& weight, const std::vector<int64_t>& order,
                            const Workshop& workshop = Workshop());

}  // namespace wherry::keras
