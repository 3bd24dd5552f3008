// DEPTHWISE_CONV_2D: each channel is convolved on its own, with one or more filters.
#pragma once

#include "ops/convolution/geometry.h"
#include "ops/weighted.h"

namespace wherry::op {

struct DepthwiseConv2D {
  Padding padding = Padding::same;
  int32_t stride_w = 1, stride_h = 1;
  int32_t depth_multiplier = 1;  ///< informational: the shapes decide
  Activation fused_activation_function = Activation::none;
  int32_t dilation_w_factor = 1, dilation_h_factor = 1;
  bool operator==(const DepthwiseConv2D&) const = default;
};
extern const AttributesType depthwise_conv_2d_attributes;
/// Inputs: data NHWC, weights [1, height, width, channels * multiplier], bias.
extern const OpDef depthwise_conv_2d;

/// Roles of the inputs of DEPTHWISE_CONV_2D.
inline constexpr WeightedRoles depthwise_conv_2d_roles{0, 1, 2, 3};

struct DepthwiseGeometry {
  SlidingAxis y, x;
  int64_t batches = 0, channels_in = 0;
  int64_t multiplier = 1;  ///< output channels of one input channel; they stand side by side
  int64_t channels_out() const { return channels_in * multiplier; }
};
Expected<DepthwiseGeometry> depthwise_geometry(const DepthwiseConv2D& attributes, const Shape& data,
                                               const Shape& weights);

}  // namespace wherry::op
