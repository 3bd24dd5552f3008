// UNIQUE: the different elements of a vector and where each element went.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct Unique {
  DType idx_out_type = DType::i32;  ///< or i64
  bool operator==(const Unique&) const = default;
};
extern const AttributesType unique_attributes;
/// Outputs: the different elements in the order of their first appearance, positions.
extern const OpDef unique;

}  // namespace wherry::op
