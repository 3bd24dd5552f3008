// NumericVerify: how far a quantised tensor is from the float one that it stands for.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const OpDef numeric_verify;

}  // namespace wherry::op
