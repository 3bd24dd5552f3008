// Converts strips of input for the 8-bit matrix product; see left_rows_i8.h.
#include "kernels/gemm/left_rows_i8.h"

#include <algorithm>
#include <cstring>

namespace wherry::kernels {
namespace {

constexpr size_t strip_cache_bytes = size_t{1} << 16;
constexpr size_t least_tiles = 4;  // of a strip, so that a panel of weights is used several times
constexpr size_t overread = 64;

constexpr size_t round_up(size_t value, size_t step) { return (value + step - 1) / step * step; }

}  // namespace

LeftRowsI8::LeftRowsI8(const Options& options) : options_(options) {
  if (options.window.pointwise())
    plan_pointwise();
  else
    plan_lines();
}

void LeftRowsI8::plan_pointwise() {
  const Window& w = options_.window;
  const size_t left_bytes = options_.kernel->left_bytes;
  tap_depth_ = w.channels;
  tap_offsets_ = {0};
  direct_ = left_bytes == 1 && !options_.is_signed && w.channels % 4 == 0;
  row_stride_ = direct_ ? w.pixel_stride : round_up(w.channels * left_bytes, 4);
  const size_t rows_in_cache = strip_cache_bytes / std::max<size_t>(row_stride_, 1);
  strip_rows_ = std::clamp<size_t>(rows_in_cache, least_tiles * options_.tile_rows, 256);
  strip_rows_ = round_up(strip_rows_, options_.tile_rows);
  line_bytes_ = direct_ ? 0 : strip_rows_ * row_stride_ + overread;
}

void LeftRowsI8::plan_lines() {
  const Window& w = options_.window;
  const size_t left_bytes = options_.kernel->left_bytes;
  padded_width_ = (w.out_width - 1) * w.stride_width + (w.kernel_width - 1) * w.dilation_width + 1;
  row_stride_ = round_up(padded_width_ * w.pixel_stride * left_bytes, 4);
  const bool merged = w.rows_contiguous();
  tap_depth_ = merged ? w.kernel_width * w.channels : w.channels;
  for (size_t ky = 0; ky < w.kernel_height; ++ky)
    for (size_t kx = 0; kx < (merged ? 1 : w.kernel_width); ++kx)
      tap_offsets_.push_back(
          static_cast<ptrdiff_t>(ky * w.dilation_height * row_stride_ +
                                 kx * w.dilation_width * w.pixel_stride * left_bytes));
  const size_t least_lines = (least_tiles * options_.tile_rows + w.out_width - 1) / w.out_width;
  const size_t lines_in_cache = strip_cache_bytes / (row_stride_ * w.stride_height);
  strip_lines_ = std::min(std::max(least_lines, lines_in_cache), w.out_height);
  strip_rows_ = strip_lines_ * w.out_width;
  const size_t in_lines =
      (strip_lines_ - 1) * w.stride_height + (w.kernel_height - 1) * w.dilation_height + 1;
  line_bytes_ = in_lines * row_stride_ + overread;
}

size_t LeftRowsI8::rows_from(size_t row, size_t left) const {
  const Window& w = options_.window;
  if (w.pointwise()) return std::min(strip_rows_, left);
  const size_t y = row / w.out_width % w.out_height, x = row % w.out_width;
  const size_t lines = std::min(strip_lines_, w.out_height - y);
  return std::min(lines * w.out_width - x, left);
}

void LeftRowsI8::prepare(const Strip& strip) const {
  if (options_.window.pointwise())
    prepare_pointwise(strip);
  else
    prepare_lines(strip);
  const uint8_t* last = strip.pointers[strip.count - 1];
  std::fill_n(strip.pointers + strip.count, max_tile_rows, last);
}

void LeftRowsI8::prepare_pointwise(const Strip& strip) const {
  const Window& w = options_.window;
  const uint8_t* input = strip.input + strip.row * w.pixel_stride;
  const uint8_t* rows = direct_ ? input : strip.lines;
  for (size_t i = 0; i < strip.count; ++i) strip.pointers[i] = rows + i * row_stride_;
  if (direct_) return;
  const size_t converted = w.channels * options_.kernel->left_bytes;
  const bool one_zero_point =
      options_.kernel->left_bytes == 1 || options_.rows_per_zero_point >= strip.row + strip.count;
  const bool together = one_zero_point && w.pixel_stride == w.channels && row_stride_ == converted;
  const size_t calls = together ? 1 : strip.count;
  for (size_t i = 0; i < calls; ++i)
    options_.kernel->convert(
        {.from = input + i * w.pixel_stride,
         .count = together ? strip.count * w.channels : w.channels,
         .to = strip.lines + i * row_stride_,
         .is_signed = options_.is_signed,
         .zero_point = strip.zero_points[(strip.row + i) / options_.rows_per_zero_point]});
}

void LeftRowsI8::prepare_lines(const Strip& strip) const {
  const Window& w = options_.window;
  const size_t image = strip.row / (w.out_height * w.out_width);
  const size_t y = strip.row / w.out_width % w.out_height, x = strip.row % w.out_width;
  const size_t lines = (x + strip.count + w.out_width - 1) / w.out_width;
  const size_t in_lines =
      (lines - 1) * w.stride_height + (w.kernel_height - 1) * w.dilation_height + 1;
  const auto first =
      static_cast<ptrdiff_t>(y * w.stride_height) - static_cast<ptrdiff_t>(w.pad_top);
  for (size_t i = 0; i < in_lines; ++i)
    convert_line(strip, image, first + static_cast<ptrdiff_t>(i), strip.lines + i * row_stride_);
  const size_t pixel_bytes = w.stride_width * w.pixel_stride * options_.kernel->left_bytes;
  for (size_t i = 0, column = x, line = 0; i < strip.count; ++i) {
    strip.pointers[i] = strip.lines + line * w.stride_height * row_stride_ + column * pixel_bytes;
    if (++column == w.out_width) column = 0, ++line;
  }
}

void LeftRowsI8::convert_line(const Strip& strip, size_t image, ptrdiff_t iy, uint8_t* to) const {
  const Window& w = options_.window;
  const size_t left_bytes = options_.kernel->left_bytes;
  const int32_t zero_point = strip.zero_points[strip.row / options_.rows_per_zero_point];
  // Padding is the zero point: 0 where it has been subtracted, else its unsigned form.
  const int fill = left_bytes == 2 ? 0 : zero_point + (options_.is_signed ? 128 : 0);
  const size_t pixel_bytes = w.pixel_stride * left_bytes;
  if (iy < 0 || iy >= static_cast<ptrdiff_t>(w.in_height)) {
    std::memset(to, fill, padded_width_ * pixel_bytes);
    return;
  }
  const size_t lead = std::min(w.pad_left, padded_width_);
  const size_t inside = std::min(w.in_width, padded_width_ - lead);
  std::memset(to, fill, lead * pixel_bytes);
  const size_t line = image * w.in_height + static_cast<size_t>(iy);
  // The last pixel is read only as far as its channels go: a group may end before pixel_stride.
  const size_t elements = inside ? (inside - 1) * w.pixel_stride + w.channels : 0;
  options_.kernel->convert({.from = strip.input + line * w.in_width * w.pixel_stride,
                            .count = elements,
                            .to = to + lead * pixel_bytes,
                            .is_signed = options_.is_signed,
                            .zero_point = zero_point});
  const size_t done = lead + inside;
  std::memset(to + done * pixel_bytes, fill, (padded_width_ - done) * pixel_bytes);
}

}  // namespace wherry::kernels
