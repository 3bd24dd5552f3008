// RFFT2D: the Fourier transform of real pictures.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType rfft2d_attributes;
/// Inputs: x [..., height, width], lengths [2] (height and width of the transform, powers of two; x
/// is cut or padded with zeros). Output: [..., height, width / 2 + 1] complex.
extern const OpDef rfft2d;

}  // namespace wherry::op
