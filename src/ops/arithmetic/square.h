// SQUARE: x * x.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType square_attributes;
extern const OpDef square;

}  // namespace wherry::op
