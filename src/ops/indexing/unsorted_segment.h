// UNSORTED_SEGMENT_PROD, _MAX, _SUM and _MIN: combine the slices that carry the same number.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const OpDef unsorted_segment_family[4];
/// Inputs: data, segment numbers (a prefix of the data's shape; negative: left out), how many.
inline constexpr const OpDef& unsorted_segment_prod = unsorted_segment_family[0];
inline constexpr const OpDef& unsorted_segment_max = unsorted_segment_family[1];
inline constexpr const OpDef& unsorted_segment_sum = unsorted_segment_family[2];
inline constexpr const OpDef& unsorted_segment_min = unsorted_segment_family[3];

}  // namespace wherry::op
