// RANGE: the numbers from start to limit in steps of delta.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType range_attributes;
/// Inputs: start, limit (left out), delta.
extern const OpDef range;

}  // namespace wherry::op
