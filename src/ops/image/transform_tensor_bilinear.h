// TransformTensorBilinear: a part of an image, cut out along a transform.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

/// Custom, from MediaPipe. Inputs: image [1, H, W, C], matrix of 4 x 4 numbers of which the upper
/// two rows lead from output (x, y, 0, 1) to image (x, y). Options: version 1 output_size [h, w]
/// and mode "bilinear", positions are those of corners; version 2 output_height and output_width,
/// positions are those of pixel centres. Positions outside the image give 0.
extern const OpDef transform_tensor_bilinear;

}  // namespace wherry::op
