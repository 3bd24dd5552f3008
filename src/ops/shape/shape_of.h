// SHAPE and RANK: the extents of a tensor and their number, as tensors.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct ShapeOf {
  DType out_type = DType::i32;  ///< or i64
  bool operator==(const ShapeOf&) const = default;
};
extern const AttributesType shape_of_attributes, rank_of_attributes;
extern const OpDef shape_of_family[2];
inline constexpr const OpDef& shape_of = shape_of_family[0];
inline constexpr const OpDef& rank_of = shape_of_family[1];

}  // namespace wherry::op
