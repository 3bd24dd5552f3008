// Bilinear interpolation of one output line: what the kernels are given.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wherry::kernels {

/// Between the pixels at `left` and `right` (offsets in elements), `part` of the way.
template <class Part>
struct ResizeColumn {
  size_t left, right;
  Part part;
};

/// y[pixel][c] = the mean of the four neighbours above[left + c], below[left + c], above[right + c]
/// and below[right + c], weighted by the parts of line and column.
template <class T, class Part>
struct ResizeLine {
  const T* above;
  const T* below;
  T* y;
  const ResizeColumn<Part>* columns;
  size_t width, channels;
  Part part;  ///< of the way from above to below
};

struct ResizeKernel {
  void (*f32)(const ResizeLine<float, float>&);
  /// Rounded to nearest, ties upwards.
  void (*u8)(const ResizeLine<uint8_t, float>&);
  /// Parts in 1/1024; rounded to nearest, ties away from zero.
  void (*i8)(const ResizeLine<int8_t, int32_t>&);
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
