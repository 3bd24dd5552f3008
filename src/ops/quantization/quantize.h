// QUANTIZE: floats as quantised numbers, or quantised numbers in another scale or type.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType quantize_attributes;
/// Type and scale of the output are the declared ones.
extern const OpDef quantize;

}  // namespace wherry::op
