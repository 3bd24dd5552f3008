// Erf: the error function, which files keep under TensorFlow's name.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const OpDef erf;

}  // namespace wherry::op
