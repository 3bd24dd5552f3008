// Bilinear interpolation: a line between two input lines, then pixels along it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wherry::kernels {

/// y[i] = above[i] + (below[i] - above[i]) * part
template <class T>
struct ResizeBlend {
  const T* above;
  const T* below;
  float* y;
  size_t count;
  float part;
};

/// Between the pixels at `left` and `right` (offsets in elements), `part` of the way.
struct ResizeColumn {
  size_t left, right;
  float part;
};

/// y[pixel][c] = line[left + c] + (line[right + c] - line[left + c]) * part, bytes rounded to
/// nearest, ties away from zero.
template <class T>
struct ResizeSpread {
  const float* line;
  T* y;
  const ResizeColumn* columns;
  size_t width, channels;
};

struct ResizeKernel {
  void (*blend_f32)(const ResizeBlend<float>&);
  void (*blend_u8)(const ResizeBlend<uint8_t>&);
  void (*blend_i8)(const ResizeBlend<int8_t>&);
  void (*spread_f32)(const ResizeSpread<float>&);
  void (*spread_u8)(const ResizeSpread<uint8_t>&);
  void (*spread_i8)(const ResizeSpread<int8_t>&);
};

namespace scalar {
extern const ResizeKernel resize;
}
namespace x86_avx2 {
extern const ResizeKernel resize;
}
namespace x86_avx512 {
extern const ResizeKernel resize;
}

}  // namespace wherry::kernels
