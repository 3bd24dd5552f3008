// Irfft2d, also known as IRFFT2D: pictures from the Fourier transform that RFFT2D makes.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

/// Custom. Inputs: x [..., height, bins] complex, lengths [2] (height and width of the result,
/// powers of two; x is cut or padded with zeros). Output: [..., height, width].
extern const OpDef irfft2d_family[2];

}  // namespace wherry::op
