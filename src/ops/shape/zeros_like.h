// ZEROS_LIKE: zeros in the shape of a tensor.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType zeros_like_attributes;
extern const OpDef zeros_like;

}  // namespace wherry::op
