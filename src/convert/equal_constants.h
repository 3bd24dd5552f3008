// Keeps one of several constants that are equal.
#pragma once

#include "ir/model.h"

namespace wherry {

/// Every use of a constant becomes a use of the first that is equal to it, as those of a layer that
/// is called twice are. What nobody reads afterwards stays, for the caller to drop. Constants
/// that are outputs or states are left alone.
void merge_equal_constants(Graph& graph);

}  // namespace wherry
