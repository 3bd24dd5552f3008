// Copies strips of padded lines for the float matrix product; see left_rows_f32.h.
#include "kernels/gemm/left_rows_f32.h"

#include <algorithm>
#include <cstring>

namespace wherry::kernels {
namespace {

constexpr size_t strip_cache_bytes = size_t{1} << 18;
constexpr size_t least_tiles = 4;       // of a strip of lines
constexpr size_t pointwise_rows = 192;  // pointers of a strip without lines

}  // namespace

LeftRowsF32::LeftRowsF32(const Window& window, size_t tile_rows) : window_(window) {
  const Window& w = window_;
  tap_depth_ = w.channels;
  tap_offsets_ = {0};
  strip_rows_ = (pointwise_rows + tile_rows - 1) / tile_rows * tile_rows;
  if (w.pointwise()) return;
  padded_width_ = (w.out_width - 1) * w.stride_width + (w.kernel_width - 1) * w.dilation_width + 1;
  line_ = padded_width_ * w.channels;
  const bool merged = w.dilation_width == 1;
  if (merged) tap_depth_ = w.kernel_width * w.channels;
  tap_offsets_.clear();
  for (size_t ky = 0; ky < w.kernel_height; ++ky)
    for (size_t kx = 0; kx < (merged ? 1 : w.kernel_width); ++kx)
      tap_offsets_.push_back(static_cast<ptrdiff_t>(ky * w.dilation_height * line_ +
                                                    kx * w.dilation_width * w.channels));
  const size_t least_lines = (least_tiles * tile_rows + w.out_width - 1) / w.out_width;
  const size_t lines_in_cache =
      strip_cache_bytes / std::max<size_t>(line_ * sizeof(float) * w.stride_height, 1);
  strip_lines_ = std::min(std::max(least_lines, lines_in_cache), w.out_height);
  strip_rows_ = strip_lines_ * w.out_width;
  lines_ = (strip_lines_ - 1) * w.stride_height + (w.kernel_height - 1) * w.dilation_height + 1;
}

size_t LeftRowsF32::rows_from(size_t row, size_t left) const {
  const Window& w = window_;
  if (w.pointwise()) return std::min(strip_rows_, left);
  const size_t y = row / w.out_width % w.out_height, x = row % w.out_width;
  const size_t lines = std::min(strip_lines_, w.out_height - y);
  return std::min(lines * w.out_width - x, left);
}

void LeftRowsF32::prepare(const Strip& strip) const {
  if (window_.pointwise())
    for (size_t i = 0; i < strip.count; ++i)
      strip.pointers[i] = strip.input + (strip.row + i) * window_.pixel_stride;
  else
    prepare_lines(strip);
  std::fill_n(strip.pointers + strip.count, max_tile_rows, strip.pointers[strip.count - 1]);
}

void LeftRowsF32::prepare_lines(const Strip& strip) const {
  const Window& w = window_;
  const size_t image = strip.row / (w.out_height * w.out_width);
  const size_t y = strip.row / w.out_width % w.out_height, x = strip.row % w.out_width;
  const size_t out_lines = (x + strip.count + w.out_width - 1) / w.out_width;
  const size_t in_lines =
      (out_lines - 1) * w.stride_height + (w.kernel_height - 1) * w.dilation_height + 1;
  const auto first =
      static_cast<ptrdiff_t>(y * w.stride_height) - static_cast<ptrdiff_t>(w.pad_top);
  for (size_t i = 0; i < in_lines; ++i)
    copy_line(strip.input, image, first + static_cast<ptrdiff_t>(i), strip.lines + i * line_);
  const size_t pixel = w.stride_width * w.channels;
  for (size_t i = 0, column = x, line = 0; i < strip.count; ++line, column = 0) {
    const float* from = strip.lines + line * w.stride_height * line_;
    const size_t end = std::min(w.out_width, column + strip.count - i);
    for (; column < end; ++column, ++i) strip.pointers[i] = from + column * pixel;
  }
}

void LeftRowsF32::copy_line(const float* input, size_t image, ptrdiff_t y, float* to) const {
  const Window& w = window_;
  if (y < 0 || y >= static_cast<ptrdiff_t>(w.in_height)) {
    std::memset(to, 0, line_ * sizeof(float));
    return;
  }
  const size_t lead = std::min(w.pad_left, padded_width_);
  const size_t inside = std::min(w.in_width, padded_width_ - lead);
  const float* from =
      input + (image * w.in_height + static_cast<size_t>(y)) * w.in_width * w.pixel_stride;
  std::memset(to, 0, lead * w.channels * sizeof(float));
  to += lead * w.channels;
  if (w.pixel_stride == w.channels) {
    std::memcpy(to, from, inside * w.channels * sizeof(float));
  } else {
    for (size_t i = 0; i < inside; ++i)
      std::memcpy(to + i * w.channels, from + i * w.pixel_stride, w.channels * sizeof(float));
  }
  const size_t done = lead + inside;
  std::memset(to + inside * w.channels, 0, (padded_width_ - done) * w.channels * sizeof(float));
}

}  // namespace wherry::kernels
