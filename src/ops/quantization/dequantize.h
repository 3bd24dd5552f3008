// DEQUANTIZE: quantised numbers and short floats as float32.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType dequantize_attributes;
extern const OpDef dequantize;

}  // namespace wherry::op
