// AVERAGE_POOL_2D, MAX_POOL_2D and L2_POOL_2D.
#pragma once

#include "ir/op_def.h"
#include "ops/convolution/geometry.h"

namespace wherry::op {

/// Options of all two-dimensional pools.
struct Pool2D {
  Padding padding = Padding::same;
  int32_t stride_w = 1, stride_h = 1;
  int32_t filter_width = 1, filter_height = 1;
  Activation fused_activation_function = Activation::none;
  bool operator==(const Pool2D&) const = default;
};
extern const AttributesType pool_2d_attributes;

extern const OpDef pool_family[3];
inline constexpr const OpDef& average_pool_2d = pool_family[0];
inline constexpr const OpDef& max_pool_2d = pool_family[1];
inline constexpr const OpDef& l2_pool_2d = pool_family[2];

struct Pool2DGeometry {
  SlidingAxis y, x;
};
/// `data` is NHWC.
Expected<Pool2DGeometry> pool_2d_geometry(const Pool2D& attributes, const Shape& data);

}  // namespace wherry::op
