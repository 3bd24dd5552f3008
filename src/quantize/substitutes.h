// Operators become others that int8 has, or computes better.
#pragma once

#include "quantize/quantize.h"

namespace wherry::quantize {

/// SQUARE becomes x * x, NEG x * -1: as many operators, the same numbers. Not the nodes that stay
/// float anyway. AVERAGE_POOL_2D over whole planes becomes MEAN, whose output has a scale of its
/// own: a pool shares that of its input, of which averages use a small part.
void substitute_for_int8(Graph& graph, const Options& options);

}  // namespace wherry::quantize
