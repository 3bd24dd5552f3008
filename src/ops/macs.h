// How much a node multiplies.
#pragma once

#include "ir/model.h"

namespace wherry {

/// Multiply-accumulates of one run by the declared shapes, open extents counting as 1; 0 when none
/// are counted, or the shapes do not fit.
int64_t macs_of(const Model& model, const Graph& graph, const Node& node);

}  // namespace wherry
