// TRANSPOSE: reorders the axes.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType transpose_attributes;
extern const OpDef transpose;

}  // namespace wherry::op
