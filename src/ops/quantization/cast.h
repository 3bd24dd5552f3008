// CAST: numbers of one type as numbers of another.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

/// The tensor types decide; runtimes ignore these.
struct Cast {
  DType in_data_type = DType::f32;
  DType out_data_type = DType::f32;
  bool operator==(const Cast&) const = default;
};
extern const AttributesType cast_attributes;
/// The output type is the declared one.
extern const OpDef cast;

}  // namespace wherry::op
