// EMBEDDING_LOOKUP: rows of a table by number.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

/// Inputs: ids, table (one row per id).
extern const OpDef embedding_lookup;

}  // namespace wherry::op
