// PRELU: x, or alpha * x below zero, with a tensor of slopes.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

/// Inputs: x, and alpha, which broadcasts to the shape of x.
extern const OpDef prelu;

}  // namespace wherry::op
