// TransformLandmarks: points moved by a matrix.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

/// Custom, from MediaPipe. Inputs: points, matrix of 4 x 4 numbers of which the upper two rows lead
/// from (x, y, 0, 1) to (x, y); a third coordinate stays. Version 1: points [1, H, W, C] of
/// `dimensions` numbers each side by side, shifts times `scale`. Version 2: points [1, N, 2 or 3],
/// no options.
extern const OpDef transform_landmarks;

}  // namespace wherry::op
