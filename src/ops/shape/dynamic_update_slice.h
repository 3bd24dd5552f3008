// DYNAMIC_UPDATE_SLICE: writes a smaller tensor into a copy of a larger one.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType dynamic_update_slice_attributes;
/// Inputs: operand, update, start indices (one per axis; moved so that the update fits).
extern const OpDef dynamic_update_slice;

}  // namespace wherry::op
