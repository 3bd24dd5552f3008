// SQUARED_DIFFERENCE: (a - b) squared.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType squared_difference_attributes;
extern const OpDef squared_difference;

}  // namespace wherry::op
