// RESIZE_BILINEAR and RESIZE_NEAREST_NEIGHBOR.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

/// Which source positions the pixels of the result look at.
struct ResizeBilinear {
  bool align_corners = false;       ///< corner pixels stay corner pixels
  bool half_pixel_centers = false;  ///< pixels are areas around their centres
  bool operator==(const ResizeBilinear&) const = default;
};
struct ResizeNearestNeighbor {
  bool align_corners = false;
  bool half_pixel_centers = false;
  bool operator==(const ResizeNearestNeighbor&) const = default;
};
extern const AttributesType resize_bilinear_attributes, resize_nearest_neighbor_attributes;
/// Inputs: data NHWC, size (height, width).
extern const OpDef resize_family[2];
inline constexpr const OpDef& resize_bilinear = resize_family[0];
inline constexpr const OpDef& resize_nearest_neighbor = resize_family[1];

}  // namespace wherry::op
