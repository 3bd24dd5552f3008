// SIGN: -1, 0 or 1.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType sign_attributes;
extern const OpDef sign;

}  // namespace wherry::op
