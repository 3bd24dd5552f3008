// The inner kernel of the 8-bit matrix product: what it is given and the forms it comes in.
//
// Left-hand rows and weights meet in groups of 4 bytes, one per lane of 32 bits. A group is
//   4 left bytes, unsigned (x + 128 for signed x), and 4 signed weights   where there is VNNI,
//   2 left int16 (x - zero point) and 2 int16 (weight - zero point)       everywhere else.
//
// Packed weights, per panel of `width` columns (see panels.h):
//   | start int32[width] | scale float[width] | bias float[width] | group 0: 4 * width bytes | ...
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/gemm/gemm_f32_kernel.h"

namespace wherry::kernels {

/// The work of one call of an inner kernel: a few rows times one panel.
///   bytes:  out = round(clamp((sum + start[n] + row_terms[i]) * scale[n], low, high)) + zero_point
///   floats: out = clamp((sum + start[n] * row_terms[i]) * (scale[n] * row_scales[i]) + bias[n],
///                       low, high)
struct GemmI8Tile {
  const uint8_t* const* rows;    ///< [max_tile_rows] pointers to the first group of each row
  const ptrdiff_t* tap_offsets;  ///< bytes to add for each tap
  size_t taps;
  size_t groups;  ///< in each tap
  const uint8_t* panel;
  const int32_t* row_terms;  ///< [max_tile_rows]
  const float* row_scales;   ///< [max_tile_rows]; floats only
  float low, high;
  int32_t zero_point;
  void* out;
  size_t out_stride;  ///< elements
  size_t row_count;   ///< rows to store; the pointers of the others may repeat a row
  size_t columns;     ///< columns to store
};

/// Brings `count` activations into the form in which they meet weights.
struct GemmI8Convert {
  const uint8_t* from;
  size_t count;
  uint8_t* to;
  bool is_signed;
  int32_t zero_point;
};

struct GemmI8Kernel {
  using Run = void(const GemmI8Tile&);
  size_t grain, max_units;  ///< as in GemmF32Kernel
  const uint8_t* rows;      ///< [units - 1]: rows of the best tile for a panel of that width
  size_t left_bytes;        ///< of a converted activation: 1 or 2
  void (*convert)(const GemmI8Convert&);
  int32_t (*sum)(const uint8_t* converted, size_t count);  ///< null where left_bytes is 2
  Run* const* to_bytes;  ///< [(units - 1) * pitch + row_count - 1]
  Run* const* to_floats;
  size_t pitch;
};

namespace scalar {
extern const GemmI8Kernel gemm_i8;
}
namespace x86_avx2 {
extern const GemmI8Kernel gemm_i8;
}
namespace x86_avx512 {
extern const GemmI8Kernel gemm_i8;
}
namespace x86_vnni {
extern const GemmI8Kernel gemm_i8;
}

}  // namespace wherry::kernels
