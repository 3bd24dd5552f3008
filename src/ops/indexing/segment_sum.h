// SEGMENT_SUM: sums of neighbouring slices that carry the same number.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType segment_sum_attributes;
/// Inputs: data, segment numbers (0, 0, 1, 2, 2 ...).
extern const OpDef segment_sum;

}  // namespace wherry::op
