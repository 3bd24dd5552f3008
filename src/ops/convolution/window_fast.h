// The window of a convolution or pool as kernels see it.
#pragma once

#include "kernels/window.h"
#include "ops/convolution/geometry.h"

namespace wherry {

/// All channels of each pixel; concrete, non-negative geometry as operators have checked it.
inline kernels::Window window_of(const SlidingAxis& y, const SlidingAxis& x, int64_t channels) {
  const auto size = [](int64_t value) { return static_cast<size_t>(value); };
  return {.in_height = size(y.input),
          .in_width = size(x.input),
          .channels = size(channels),
          .pixel_stride = size(channels),
          .kernel_height = size(y.filter),
          .kernel_width = size(x.filter),
          .stride_height = size(y.stride),
          .stride_width = size(x.stride),
          .dilation_height = size(y.dilation),
          .dilation_width = size(x.dilation),
          .pad_top = size(y.before),
          .pad_left = size(x.before),
          .out_height = size(y.output),
          .out_width = size(x.output)};
}

}  // namespace wherry
