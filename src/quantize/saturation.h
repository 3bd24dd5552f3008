// Keeps int8 steps away from numbers that make no difference to TANH and LOGISTIC.
#pragma once

#include "quantize/quantize.h"

namespace wherry::quantize {

/// Narrows the best ranges of activations that only TANH and LOGISTIC read, to where the function
/// comes within half a step of its int8 output's bounds.
void narrow_to_saturation(const Graph& graph, Ranges& ranges);

}  // namespace wherry::quantize
