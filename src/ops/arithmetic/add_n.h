// ADD_N: the sum of any number of tensors.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType add_n_attributes;
extern const OpDef add_n;

}  // namespace wherry::op
