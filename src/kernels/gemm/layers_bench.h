// Layer shapes of known networks, for the benchmarks of matrix products.
#pragma once

#include "kernels/window.h"

namespace wherry::kernels {

struct Layer {
  const char* name;
  size_t size, channels, kernel, stride, columns;
};
constexpr Layer layers[] = {
    {"stem_3x3s2_3_32_224", 224, 3, 3, 2, 32}, {"1x1_16_96_112", 112, 16, 1, 1, 96},
    {"1x1_96_24_56", 56, 96, 1, 1, 24},        {"1x1_24_144_56", 56, 24, 1, 1, 144},
    {"1x1_384_64_14", 14, 384, 1, 1, 64},      {"1x1_512_512_14", 14, 512, 1, 1, 512},
    {"1x1_320_1280_7", 7, 320, 1, 1, 1280},    {"1x1_64_256_56", 56, 64, 1, 1, 256},
    {"3x3_64_56", 56, 64, 3, 1, 64},           {"3x3_256_14", 14, 256, 3, 1, 256},
    {"3x3_512_7", 7, 512, 3, 1, 512},          {"3x3_16_32", 32, 16, 3, 1, 16},
    {"fc_1280_1001", 1, 1280, 1, 1, 1001}};

inline Window window_of(const Layer& layer) {
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
