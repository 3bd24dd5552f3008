// The inner kernel of the float matrix product: what it is given and the forms it comes in.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wherry::kernels {

constexpr size_t max_tile_rows = 12;

/// The work of one call of an inner kernel: a few rows times one panel.
struct GemmF32Tile {
  const float* const* rows;      ///< [max_tile_rows] pointers to the first tap of each row
  const ptrdiff_t* tap_offsets;  ///< elements to add for each tap of `depth` floats
  size_t taps, depth;
  const float* panel;
  float low, high;
  float* out;
  size_t out_stride;
  size_t row_count;  ///< rows to store; the pointers of the others may repeat a row
  size_t columns;    ///< columns to store
};

/// An inner kernel, and the tile shapes it comes in.
struct GemmF32Kernel {
  using Run = void(const GemmF32Tile&);
  size_t grain;         ///< units of the widest vector
  size_t max_units;     ///< widest panel
  const uint8_t* rows;  ///< [units - 1]: rows of the best tile for a panel of that width
  Run* const* tiles;    ///< [(units - 1) * pitch + row_count - 1]
  size_t pitch;
};

namespace scalar {
extern const GemmF32Kernel gemm_f32;
}
namespace x86_avx2 {
extern const GemmF32Kernel gemm_f32;
}
namespace x86_avx512 {
extern const GemmF32Kernel gemm_f32;
}

}  // namespace wherry::kernels
