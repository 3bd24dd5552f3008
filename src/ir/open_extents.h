// Extents that a model leaves open.
#pragma once

#include "ir/model.h"

namespace wherry {

/// Whether an input has an axis without an extent, the batch excepted.
bool has_open_inputs(const Graph& graph);

}  // namespace wherry
