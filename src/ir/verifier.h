// Says whether a model is well formed, so that everything after loading may rely on it.
#pragma once

#include "ir/model.h"

namespace wherry {

/// Value ids in range; one producer per value; nodes in an order that can be executed; no node
/// writes a constant, a graph input or one of its own inputs; constants as long as their type says;
/// quantisation that fits shape and type; every graph input once; graphs that do not call
/// themselves, not even by way of others; signatures that name inputs and outputs of their graph.
/// Errors: invalid_model.
Status verify(const Model& model);

/// The part that concerns one graph alone.
Status verify(const Graph& graph);

}  // namespace wherry
