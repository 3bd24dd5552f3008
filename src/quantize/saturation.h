// Keeps int8 steps away from numbers that cannot come, or make no difference.
#pragma once

#include "quantize/quantize.h"

namespace wherry::quantize {

/// Narrows the best ranges of activations that only TANH and LOGISTIC read, to where the function
/// comes within half a step of its int8 output's bounds; also those of the terms of sums that are
/// read so.
void narrow_to_saturation(const Graph& graph, Ranges& ranges);

/// Narrows the best ranges to the bounds that activations like RELU6 set, also behind pools, means
/// and what moves numbers around.
void narrow_to_bounds(const Graph& graph, Ranges& ranges);

}  // namespace wherry::quantize
