// EXPAND_DIMS: adds an axis of extent 1.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType expand_dims_attributes;
extern const OpDef expand_dims;

}  // namespace wherry::op
