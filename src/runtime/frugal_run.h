// Runs a model once with little memory: fast kernels, but only a few nodes planned, and their
// weights packed, at a time.
#pragma once

#include "runtime/session.h"

namespace wherry {

/// The outputs of graph 0 for these inputs, as Session::run gives them. Memory beside the model:
/// the live activations and what a few nodes pack. For checking a conversion; a model that is run
/// more than once is better planned once.
Expected<std::vector<Tensor>> run_frugally(const Model& model, std::span<const TensorView> inputs,
                                           const SessionOptions& options = {});

}  // namespace wherry
