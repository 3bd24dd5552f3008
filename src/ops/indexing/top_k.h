// TOPK_V2: the largest elements of each row and where they stand.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType top_k_attributes;
/// Inputs: x, k. Outputs: values, indices.
extern const OpDef top_k;

}  // namespace wherry::op
