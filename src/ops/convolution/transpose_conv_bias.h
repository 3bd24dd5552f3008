// Convolution2DTransposeBias: the transposed convolution of MediaPipe's models.
#pragma once

#include "ops/convolution/transpose_conv.h"

namespace wherry::op {

/// Custom. Inputs: data NHWC, weights OHWI, bias [O]. Options: a C struct of padding, stride along
/// the width, stride along the height. The data decides the output's height and width.
extern const OpDef transpose_conv_bias;

/// Roles of the inputs of Convolution2DTransposeBias.
inline constexpr WeightedRoles transpose_conv_bias_roles{0, 1, 2, 0};

Expected<TransposeConvGeometry> transpose_conv_bias_geometry(const Node& node, const Shape& data,
                                                             const Shape& weights);

}  // namespace wherry::op
