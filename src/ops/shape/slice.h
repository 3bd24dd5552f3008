// SLICE: cuts a box out of a tensor.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType slice_attributes;
/// Inputs: x, begin, size (-1: up to the end).
extern const OpDef slice;

}  // namespace wherry::op
