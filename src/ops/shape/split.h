// SPLIT and SPLIT_V: cut a tensor along one axis, into equal parts or parts of given sizes.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

/// Options of both.
struct Split {
  int32_t num_splits = 0;
  bool operator==(const Split&) const = default;
};
extern const AttributesType split_attributes, split_v_attributes;
extern const OpDef split_family[2];
/// Inputs: axis, value.
inline constexpr const OpDef& split = split_family[0];
/// Inputs: value, sizes (one may be -1), axis.
inline constexpr const OpDef& split_v = split_family[1];

}  // namespace wherry::op
