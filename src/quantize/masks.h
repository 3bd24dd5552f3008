// Makes the numbers that mask scores before SOFTMAX fit into the 256 steps of the scores.
#pragma once

#include "quantize/quantize.h"

namespace wherry::quantize {

/// Scores are masked by a number like -1e9, chosen by SELECT or added. One scale for scores and
/// such a number leaves no steps to the scores. The numbers become as small as it takes: all that
/// is masked in a row together comes to at most one step of SOFTMAX's int8 output. `ranges` follow.
void soften_masks(Graph& graph, Ranges& ranges, const Options& options);

}  // namespace wherry::quantize
