// POW: powers.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType pow_attributes;
extern const OpDef pow;

}  // namespace wherry::op
