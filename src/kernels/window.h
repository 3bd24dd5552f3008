// The pixels a convolution reads for each output pixel, as pointers into the unpadded input.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wherry::kernels {

/// Geometry of a two-dimensional convolution or pooling over NHWC data, in pixels.
/// The row of the matrix product with number r is output pixel (batch, y, x) in that order.
struct Window {
  size_t in_height = 1, in_width = 1;
  size_t channels = 1;      ///< elements read from each input pixel
  size_t pixel_stride = 1;  ///< elements from one input pixel to the next
  size_t kernel_height = 1, kernel_width = 1;
  size_t stride_height = 1, stride_width = 1;
  size_t dilation_height = 1, dilation_width = 1;
  size_t pad_top = 0, pad_left = 0;
  size_t out_height = 1, out_width = 1;

  size_t taps() const { return kernel_height * kernel_width; }
  size_t depth() const { return taps() * channels; }
  /// Row r reads input pixel r and nothing else.
  bool pointwise() const {
    return taps() == 1 && stride_height == 1 && stride_width == 1 && pad_top == 0 &&
           pad_left == 0 && in_height == out_height && in_width == out_width;
  }
  /// A kernel row reads one run of memory where it does not cross the border.
  bool rows_contiguous() const { return dilation_width == 1 && pixel_stride == channels; }
};

/// Consecutive rows that are pixels x .. x + count of one output line.
struct WindowRun {
  const Window& window;
  size_t image, y, x, count;

  /// The input line that kernel row ky reads, or null when it is padding.
  template <class T>
  const T* line(const T* input, size_t ky) const {
    const size_t iy = y * window.stride_height + ky * window.dilation_height - window.pad_top;
    if (iy >= window.in_height) return nullptr;  // a negative one wraps round
    return input + (image * window.in_height + iy) * window.in_width * window.pixel_stride;
  }
  /// The input column that tap kx of pixel x + i reads; beyond the width (or wrapped) is padding.
  size_t column(size_t i, size_t kx) const {
    return (x + i) * window.stride_width + kx * window.dilation_width - window.pad_left;
  }
};

}  // namespace wherry::kernels
