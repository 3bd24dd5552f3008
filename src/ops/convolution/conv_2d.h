// CONV_2D: two-dimensional convolution with strides, dilation and groups.
#pragma once

#include "ops/convolution/geometry.h"
#include "ops/weighted.h"

namespace wherry::op {

struct Conv2D {
  Padding padding = Padding::same;
  int32_t stride_w = 1, stride_h = 1;
  Activation fused_activation_function = Activation::none;
  int32_t dilation_w_factor = 1, dilation_h_factor = 1;
  DType quantized_bias_type = DType::f32;  ///< i32 or i64 with int16 data; f32 says nothing
  bool operator==(const Conv2D&) const = default;
};
extern const AttributesType conv_2d_attributes;
/// Inputs: data NHWC, weights OHWI (I = channels of one group), bias.
extern const OpDef conv_2d;

/// Roles of the inputs of CONV_2D.
inline constexpr WeightedRoles conv_2d_roles{0, 1, 2, 0};

struct Conv2DGeometry {
  SlidingAxis y, x;
  int64_t batches = 0, channels_in = 0, channels_out = 0;
  int64_t groups = 1;
  int64_t group_in() const { return channels_in / groups; }
  int64_t group_out() const { return channels_out / groups; }
};
Expected<Conv2DGeometry> conv_2d_geometry(const Conv2D& attributes, const Shape& data,
                                          const Shape& weights);
/// Float data with integer weights are quantised with zero points when the weights have a scale per
/// channel or the convolution has groups.
bool conv_2d_quantizes_asymmetrically(const TensorType& weights, const Conv2DGeometry& geometry);

}  // namespace wherry::op
