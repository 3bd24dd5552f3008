// MatrixBandPart: matrices of which only diagonals near the main one are kept.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

/// Custom. Inputs: matrices [..., rows, columns], and how many diagonals below and above the main
/// one stay (one i32 or i64 each; negative: all).
extern const OpDef matrix_band_part;

}  // namespace wherry::op
