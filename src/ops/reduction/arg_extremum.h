// ARG_MAX and ARG_MIN: where the largest or smallest element along an axis stands.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct ArgExtremum {
  DType output_type = DType::i32;  ///< i32 or i64
  bool operator==(const ArgExtremum&) const = default;
};
extern const AttributesType arg_max_attributes;
extern const AttributesType arg_min_attributes;
extern const OpDef arg_extremum_family[2];
/// Inputs: x, the axis. Output: x without that axis.
inline constexpr const OpDef& arg_max = arg_extremum_family[0];
inline constexpr const OpDef& arg_min = arg_extremum_family[1];

}  // namespace wherry::op
