// Pointers to the input pixels of a few output lines, padding included, for depthwise and pooling.
#pragma once

#include <cstddef>

#include "kernels/window.h"

namespace wherry::kernels {

/// Columns of the pixel table of a line: every input column that some output pixel reads.
inline size_t table_columns(const Window& w) {
  return (w.out_width - 1) * w.stride_width + (w.kernel_width - 1) * w.dilation_width + 1;
}

/// Fills table[i * table_columns + j] for input lines first_line + i of `image`, i below `lines`;
/// pixels outside of the image point to `padding`.
template <class T>
void point_pixels(const Window& w, const T* input, size_t image, ptrdiff_t first_line, size_t lines,
                  const T* padding, const T** table) {
  const size_t columns = table_columns(w);
  for (size_t i = 0; i < lines; ++i) {
    const ptrdiff_t iy = first_line + static_cast<ptrdiff_t>(i);
    const bool inside = iy >= 0 && iy < static_cast<ptrdiff_t>(w.in_height);
    const size_t line = image * w.in_height + (inside ? static_cast<size_t>(iy) : 0);
    const T* from = input + line * w.in_width * w.pixel_stride;
    const size_t width = inside ? w.in_width : 0;
    for (size_t j = 0; j < columns; ++j) {
      const size_t ix = j - w.pad_left;  // a negative one wraps round
      *table++ = ix < width ? from + ix * w.pixel_stride : padding;
    }
  }
}

/// How many columns the next block takes when `left` are left: blocks of 4 and 3 where possible.
constexpr size_t block_columns(size_t left) {
  return left >= 4 && left != 5 && left != 6 ? 4 : left < 3 ? left : 3;
}

}  // namespace wherry::kernels
