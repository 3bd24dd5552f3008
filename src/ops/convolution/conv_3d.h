// CONV_3D and CONV_3D_TRANSPOSE: convolutions of volumes.
#pragma once

#include "ops/convolution/geometry.h"
#include "ops/weighted.h"

namespace wherry::op {

/// Options of both.
struct Conv3D {
  Padding padding = Padding::same;
  int32_t stride_d = 1, stride_w = 1, stride_h = 1;
  Activation fused_activation_function = Activation::none;
  int32_t dilation_d_factor = 1, dilation_w_factor = 1, dilation_h_factor = 1;
  bool operator==(const Conv3D&) const = default;
};
extern const AttributesType conv_3d_attributes;

extern const OpDef conv_3d_family[2];
/// Inputs: data NDHWC, weights DHWIO, bias.
inline constexpr const OpDef& conv_3d = conv_3d_family[0];
/// Inputs: output shape (NDHWC), weights DHWOI, data NDHWC, bias.
inline constexpr const OpDef& conv_3d_transpose = conv_3d_family[1];

/// Depth, height and width of an ordinary convolution over `image`, NDHWC.
struct Conv3DGeometry {
  SlidingAxis axes[3];
};
Expected<Conv3DGeometry> conv_3d_geometry(const Conv3D& attributes, const Shape& image,
                                          const Shape& weights);

}  // namespace wherry::op
