// The inner kernel of the float depthwise convolution: what it is given and the forms it comes in.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wherry::kernels {

/// A block of output pixels, some rows of up to max_block_columns, and a range of channels.
struct DepthwiseF32Block {
  /// Input pixels: those of unrolled kernels at [input row * pitch + input column] of the block,
  /// those of the kernel for any size at [tap * pitch + output column].
  const float* const* pixels;
  size_t pitch;
  size_t taps;           ///< for any size
  const float* weights;  ///< [tap][channel], rows weight_stride apart
  size_t weight_stride;
  const float* bias;
  size_t channel_begin, channel_end;  ///< at least one vector, but for the kernel of few channels
  float low, high;
  float* out;
  size_t out_line, out_pixel;  ///< elements from one output line, pixel to the next
};

constexpr size_t max_block_rows = 2, max_block_columns = 4;

/// Kernel sizes and strides with an unrolled kernel.
struct DepthwiseShape {
  size_t kernel, stride;
};
inline constexpr DepthwiseShape depthwise_shapes[] = {{3, 1}, {3, 2}, {5, 1}, {5, 2}};
constexpr size_t depthwise_shape_count = 4;

struct DepthwiseF32Kernel {
  using Run = void(const DepthwiseF32Block&);
  size_t lanes;
  size_t rows;  ///< output rows that unrolled kernels do at once
  Run* unrolled[depthwise_shape_count][max_block_rows][max_block_columns];  ///< [][rows-1][cols-1]
  Run* any_size[max_block_columns];                                         ///< [columns - 1]
  Run* few_channels[max_block_columns];                                     ///< less than `lanes`
};

namespace scalar {
extern const DepthwiseF32Kernel depthwise_f32;
}
namespace x86_avx2 {
extern const DepthwiseF32Kernel depthwise_f32;
}
namespace x86_avx512 {
extern const DepthwiseF32Kernel depthwise_f32;
}

}  // namespace wherry::kernels
