// NEG: x with the other sign.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType neg_attributes;
extern const OpDef neg;

}  // namespace wherry::op
