// DENSIFY: gives out a sparse constant densely.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType densify_attributes;
/// Whoever runs a graph hands constants over densely, so this only copies.
extern const OpDef densify;

}  // namespace wherry::op
