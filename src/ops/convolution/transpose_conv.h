// TRANSPOSE_CONV: the gradient of a convolution, for enlarging images.
#pragma once

#include "ops/convolution/geometry.h"
#include "ops/weighted.h"

namespace wherry::op {

struct TransposeConv {
  Padding padding = Padding::same;
  int32_t stride_w = 1, stride_h = 1;
  Activation fused_activation_function = Activation::none;
  DType quantized_bias_type = DType::f32;  ///< i32 or i64 with int16 data; f32 says nothing
  bool operator==(const TransposeConv&) const = default;
};
extern const AttributesType transpose_conv_attributes;
/// Inputs: output shape (NHWC), weights OHWI, data NHWC, bias.
extern const OpDef transpose_conv;

/// Roles of the inputs of TRANSPOSE_CONV.
inline constexpr WeightedRoles transpose_conv_roles{2, 1, 3, 0};

struct TransposeConvGeometry {
  /// Of the ordinary convolution that would lead from the output back to the data: `input` is the
  /// output's extent, `output` the extent that data would have.
  SlidingAxis y, x;
  int64_t batches = 0, channels_in = 0, channels_out = 0;
  int64_t height = 0, width = 0;  ///< of the data; those beyond y.output, x.output fall outside
};
/// `output` is NHWC.
Expected<TransposeConvGeometry> transpose_conv_geometry(const TransposeConv& attributes,
                                                        const Shape& output, const Shape& weights,
                                                        const Shape& data);
/// The reference loops, for whatever operator has these operands.
Status run_transpose_conv(Call& call, const WeightedRoles& roles, const WeightedOptions& options,
                          const TransposeConvGeometry& geometry);

}  // namespace wherry::op
