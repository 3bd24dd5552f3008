// Depthwise layer shapes of known networks, for benchmarks.
#pragma once

#include "kernels/window.h"

namespace wherry::kernels {

struct DepthwiseLayer {
  const char* name;
  size_t size, channels, kernel, stride;
};
constexpr DepthwiseLayer depthwise_layers[] = {
    {"3x3_384_14", 14, 384, 3, 1},   {"3x3_960_7", 7, 960, 3, 1},   {"3x3_192_28", 28, 192, 3, 1},
    {"3x3_144_56", 56, 144, 3, 1},   {"3x3_32_112", 112, 32, 3, 1}, {"3x3s2_96_112", 112, 96, 3, 2},
    {"3x3s2_192_28", 28, 192, 3, 2}, {"5x5_240_14", 14, 240, 5, 1}, {"5x5s2_144_56", 56, 144, 5, 2},
    {"7x7_384_14", 14, 384, 7, 1},   {"3x3_8_48", 48, 8, 3, 1}};

inline Window window_of(const DepthwiseLayer& layer) {
  const size_t out = (layer.size + layer.stride - 1) / layer.stride;
  return {.in_height = layer.size,
          .in_width = layer.size,
          .channels = layer.channels,
          .pixel_stride = layer.channels,
          .kernel_height = layer.kernel,
          .kernel_width = layer.kernel,
          .stride_height = layer.stride,
          .stride_width = layer.stride,
          .pad_top = layer.kernel / 2,
          .pad_left = layer.kernel / 2,
          .out_height = out,
          .out_width = out};
}

}  // namespace wherry::kernels
