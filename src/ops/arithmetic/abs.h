// ABS: magnitudes.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType abs_attributes;
extern const OpDef abs;

}  // namespace wherry::op
