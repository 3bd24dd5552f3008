// Operators without an int8 form become others that have one.
#pragma once

#include "quantize/quantize.h"

namespace wherry::quantize {

/// SQUARE becomes x * x, NEG x * -1: as many operators, the same numbers. Not the nodes that stay
/// float anyway.
void substitute_for_int8(Graph& graph, const Options& options);

}  // namespace wherry::quantize
