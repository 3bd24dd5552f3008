// Which operators compute each element of their output from the same element of their inputs.
#pragma once

#include "ir/op_def.h"

namespace wherry::passes {

/// One input, and an output of its type: RELU, LOGISTIC, EXP ...
bool is_elementwise_unary(const OpDef& op);
/// Two inputs that broadcast: ADD, MUL, MAXIMUM ...
bool is_elementwise_binary(const OpDef& op);

}  // namespace wherry::passes
