// MATRIX_DIAG and MATRIX_SET_DIAG: put vectors on the diagonals of matrices.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType matrix_diag_attributes, matrix_set_diag_attributes;
extern const OpDef matrix_diag_family[2];
inline constexpr const OpDef& matrix_diag = matrix_diag_family[0];
/// Inputs: matrices, diagonals.
inline constexpr const OpDef& matrix_set_diag = matrix_diag_family[1];

}  // namespace wherry::op
