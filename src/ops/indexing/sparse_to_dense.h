// SPARSE_TO_DENSE: a tensor of a default value with some elements replaced.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct SparseToDense {
  bool validate_indices = false;  ///< also refuse indices out of order or given twice
  bool operator==(const SparseToDense&) const = default;
};
extern const AttributesType sparse_to_dense_attributes;
/// Inputs: indices (scalar, [n] or [n, rank]), shape, values (one or n), default.
extern const OpDef sparse_to_dense;

}  // namespace wherry::op
