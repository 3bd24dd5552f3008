// Finds activations that play the same part in every step of an unrolled loop.
#pragma once

#include <vector>

#include "ir/model.h"

namespace wherry::quantize {

/// Values computed alike after the same weights were used again: one list per part, one value per
/// step.
std::vector<std::vector<ValueId>> repeated_parts(const Graph& graph);

}  // namespace wherry::quantize
