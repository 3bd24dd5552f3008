// TILE: repeats a tensor along its axes.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType tile_attributes;
/// Inputs: x, multiples [rank].
extern const OpDef tile;

}  // namespace wherry::op
