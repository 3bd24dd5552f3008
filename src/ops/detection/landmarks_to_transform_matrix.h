// Landmarks2TransformMatrix: from points on a picture to the cut-out around some of them.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

/// Custom, from MediaPipe. Input: points (x, y, z) side by side. Output: matrix [1, 4, 4] from
/// pixels of the cut-out to the picture, turned so that two of the points lie side by side.
/// Version 1, points [1, 1, 1, C]: options input_hw, output_hw, dimensions (3), landmarks_range,
/// bbox_size_multiplier, left_rotation_idx, right_rotation_idx, subset. Version 2, points
/// [1, N, 3]: subset_idxs, left_rotation_idx, right_rotation_idx, target_rotation_radians,
/// output_height, output_width, scale_x, scale_y.
extern const OpDef landmarks_to_transform_matrix;

}  // namespace wherry::op
