// ONE_HOT: a vector with one position switched on, for each index.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct OneHot {
  int32_t axis = -1;  ///< where the new axis goes; -1: last
  bool operator==(const OneHot&) const = default;
};
extern const AttributesType one_hot_attributes;
/// Inputs: indices, depth, on value, off value.
extern const OpDef one_hot;

}  // namespace wherry::op
