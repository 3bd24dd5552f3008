// The inner kernel of the 8-bit depthwise convolution: what it is given and the forms it comes in.
//
// Channels are cut into chunks of a few fixed widths. Within a chunk, taps are taken in groups: the
// bytes of 4 taps (VNNI) or the int16 of 2 taps (elsewhere) of one channel meet in a lane of 32
// bits. Unpacking leaves the channels of a chunk spread over `vectors` vectors: lane e of 128-bit
// part L of vector j belongs to channel 4 * vectors * L + 4 * j + e. Packed, per chunk, in that
// order (j, L, e):
//
//   | start int32[width] | scale float[width] | group 0: 4 bytes for each lane | group 1 | ...
#pragma once

#include <cstddef>
#include <cstdint>

namespace wherry::kernels {

// Where a kernel has a form for 3x3 without dilation, that form takes the three taps of a kernel
// row as one group, twice for stride 1: shifted by 0 and by 1 tap, so that four neighbouring input
// pixels, mixed once, serve two output pixels. Groups are then ordered (kernel row, shift).

constexpr size_t max_depthwise_columns = 4;

/// A few neighbouring output pixels and one chunk of their channels:
///   sum = start[c] + sum over taps of input[c] * weight[c]   (unsigned input where there is VNNI)
///   out = round(clamp(sum * scale[c], low, high)) + zero_point
struct DepthwiseI8Block {
  /// Tap k of output column t reads pixels[tap_index[k] + t * column_step] + channel.
  const uint8_t* const* pixels;
  const uint32_t* tap_index;  ///< whole groups
  size_t column_step;
  size_t groups;
  size_t channel;        ///< first one of the chunk
  size_t channel_count;  ///< less than the width in the only chunk of a layer with few channels
  const uint8_t* packed;
  bool is_signed;  ///< input and output
  float low, high;
  int32_t zero_point;
  uint8_t* out;      ///< of the first pixel, channel 0
  size_t out_pixel;  ///< bytes from one pixel to the next
  // Of the 3x3 form:
  size_t pitch;     ///< input pixel (i, j) of the block is pixels[i * pitch + j]
  size_t planes;    ///< summands of each weight; those of the second follow the first
  size_t out_line;  ///< bytes from one output line to the next
};

/// Kernels for chunks of one width, for 1 to max_depthwise_columns pixels.
struct DepthwiseI8Width {
  using Run = void(const DepthwiseI8Block&);
  size_t channels;
  Run* run[max_depthwise_columns];
  Run* few[max_depthwise_columns];  ///< for chunks that are not full
  Run* square3[2][2][2];            ///< [stride - 1][rows - 1][columns - 1]; null: no such form
};

struct DepthwiseI8Kernel {
  size_t taps_in_group;  ///< 4: bytes, input plus 128 if signed; 2: int16
  size_t vectors;
  size_t width_count;
  DepthwiseI8Width widths[3];  ///< widest first
};

namespace scalar {
extern const DepthwiseI8Kernel depthwise_i8;
}
namespace x86_avx2 {
extern const DepthwiseI8Kernel depthwise_i8;
}
namespace x86_avx512 {
extern const DepthwiseI8Kernel depthwise_i8;
}
namespace x86_vnni {
extern const DepthwiseI8Kernel depthwise_i8;
}

}  // namespace wherry::kernels
