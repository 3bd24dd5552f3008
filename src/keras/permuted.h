// Weights with their axes in another order.
#pragma once

#include "ir/constant_store.h"
#include "keras/reader/weights.h"

namespace wherry::keras {

/// The floats of a weight; axis i of the result is axis order[i] of the weight. Errors: those of
/// as_floats.
Expected<Constant> permuted(const Weight& weight, const std::vector<int64_t>& order,
                            const ConstantStore& store = {});

}  // namespace wherry::keras
