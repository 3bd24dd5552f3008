// The loops that two- and three-dimensional pools share, and what they make of a window.
#pragma once

#include "ops/context.h"
#include "ops/convolution/geometry.h"
#include "ops/fixed_point.h"

namespace wherry {

enum class PoolKind : uint8_t { average, maximum, l2 };

/// Three spatial axes; a two-dimensional pool leaves the first one at one element.
struct PoolWindows {
  SlidingAxis axes[3];
  int64_t batches = 0, channels = 0;
};

/// Same element type in and out; a quantised one needs the same scale and zero point, as no kernel
/// changes them.
Status check_pool(const InferContext& context, Activation activation);
/// Types: f32 for all kinds; i8, u8 and i16 for averages and maxima.
Status run_pool(Call& call, PoolKind kind, const PoolWindows& windows, Activation activation);

}  // namespace wherry
