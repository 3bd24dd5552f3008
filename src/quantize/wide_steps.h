// Finds the operators of unrolled loops, whose state is rounded again in every step.
#pragma once

#include <vector>

#include "ir/model.h"

namespace wherry::quantize {

/// By node: whether it is to compute with int16 activations. These are the nodes between uses of
/// the same few dense weights that depend on one another, what hands their numbers on, and the
/// dense layers that make them. Only those of `quantized` nodes that can, and none that makes an
/// output of the graph.
std::vector<bool> wide_steps(const Graph& graph, const std::vector<bool>& quantized);

}  // namespace wherry::quantize
