// HASHTABLE_LOOKUP: rows of a table chosen by key.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

/// Inputs: lookup, keys (ascending), values (one row per key). Outputs: rows, hits.
extern const OpDef hashtable_lookup;

}  // namespace wherry::op
