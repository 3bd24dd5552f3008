// GATHER: takes slices along one axis.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct Gather {
  int32_t axis = 0;
  int32_t batch_dims = 0;  ///< leading axes that params and indices share
  bool operator==(const Gather&) const = default;
};
extern const AttributesType gather_attributes;
/// Inputs: params, indices.
extern const OpDef gather;

}  // namespace wherry::op
