// MULTINOMIAL: random classes drawn by their log odds.
#pragma once

#include "ir/op_def.h"
#include "ops/random/random_stream.h"

namespace wherry::op {

/// Inputs: logits [rows, classes], how many to draw per row.
extern const OpDef multinomial;

}  // namespace wherry::op
