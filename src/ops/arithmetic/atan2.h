// ATAN2: the angle of a point.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType atan2_attributes;
extern const OpDef atan2;

}  // namespace wherry::op
