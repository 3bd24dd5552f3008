// STRIDED_SLICE: what Python's x[a:b:c, ..., newaxis, i] takes out of a tensor.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

/// Bit i of a mask speaks of entry i of begin, end and strides.
struct StridedSlice {
  int32_t begin_mask = 0;        ///< begin[i] is ignored: from the start
  int32_t end_mask = 0;          ///< end[i] is ignored: to the end
  int32_t ellipsis_mask = 0;     ///< the entry stands for as many whole axes as are left over
  int32_t new_axis_mask = 0;     ///< the entry adds an axis of extent 1
  int32_t shrink_axis_mask = 0;  ///< the entry takes one element and drops the axis
  bool offset = false;           ///< end counts from begin
  bool operator==(const StridedSlice&) const = default;
};
extern const AttributesType strided_slice_attributes;
/// Inputs: x, begin, end, strides.
extern const OpDef strided_slice;

}  // namespace wherry::op
