// REAL, IMAG and COMPLEX_ABS: parts and magnitudes of complex numbers.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const OpDef complex_parts_family[3];
inline constexpr const OpDef& real = complex_parts_family[0];
inline constexpr const OpDef& imag = complex_parts_family[1];
inline constexpr const OpDef& complex_abs = complex_parts_family[2];

}  // namespace wherry::op
