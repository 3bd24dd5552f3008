// REVERSE_V2: turns axes around.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType reverse_v2_attributes;
/// Inputs: x, axes (a vector).
extern const OpDef reverse_v2;

}  // namespace wherry::op
