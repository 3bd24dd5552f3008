// Walks over lines and blocks of the float depthwise convolution.
#include "kernels/depthwise/depthwise_f32.h"

#include <algorithm>
#include <cstring>

#include "kernels/depthwise/pixel_table.h"

namespace wherry::kernels {
namespace {

// Channels done for a whole line before the next ones: the pixels that neighbouring blocks share
// then stay in the level-1 cache.
constexpr size_t channels_at_once = 128;

}  // namespace

const Variant<const DepthwiseF32Kernel*>& choose_depthwise_f32(size_t channels, Cpu have) {
  for (const auto& variant : depthwise_f32_variants)
    if (have.has(variant.needs) && variant.kernel->lanes <= std::max<size_t>(channels, 4))
      return variant;
  return choose(depthwise_f32_variants, have);
}

DepthwiseF32::DepthwiseF32(const Options& options)
    : window_(options.window),
      kernel_((options.variant ? *options.variant : choose_depthwise_f32(window_.channels)).kernel),
      low_(options.low),
      high_(options.high),
      zeros_(window_.channels * sizeof(float)) {
  if (zeros_) std::memset(zeros_.as<float>(), 0, window_.channels * sizeof(float));
  const Window& w = window_;
  if (w.channels < kernel_->lanes || w.dilation_width != 1 || w.dilation_height != 1) return;
  for (size_t i = 0; i < depthwise_shape_count; ++i) {
    const DepthwiseShape& shape = depthwise_shapes[i];
    if (w.kernel_height == shape.kernel && w.kernel_width == shape.kernel &&
        w.stride_height == shape.stride && w.stride_width == shape.stride)
      unrolled_ = kernel_->unrolled[i];
  }
}

size_t DepthwiseF32::scratch_bytes() const {
  const size_t lines = (max_block_rows - 1) * window_.stride_height + window_.kernel_height;
  const size_t pointers =
      unrolled_ ? lines * table_columns(window_) : window_.taps() * max_block_columns;
  return pointers * sizeof(const float*);
}

DepthwiseF32Block DepthwiseF32::block(const Part& part, size_t line) const {
  const size_t out_line = window_.out_width * window_.channels;
  return {.pixels = static_cast<const float**>(part.scratch),
          .taps = window_.taps(),
          .weights = part.weights,
          .weight_stride = window_.channels,
          .bias = part.bias ? part.bias : zeros_.as<float>(),
          .channel_begin = 0,
          .channel_end = window_.channels,
          .low = low_,
          .high = high_,
          .out = part.out + line * out_line,
          .out_line = out_line,
          .out_pixel = window_.channels};
}

void DepthwiseF32::run(const Part& part) const {
  for (size_t line = part.line_begin; line < part.line_end;) {
    if (!unrolled_) {
      run_any_size(part, line++);
      continue;
    }
    const size_t left_in_image = window_.out_height - line % window_.out_height;
    const size_t lines = std::min({kernel_->rows, left_in_image, part.line_end - line});
    run_unrolled(part, line, lines);
    line += lines;
  }
}

void DepthwiseF32::run_unrolled(const Part& part, size_t line, size_t lines) const {
  const size_t image = line / window_.out_height, y = line % window_.out_height;
  auto* table = static_cast<const float**>(part.scratch);
  const auto first =
      static_cast<ptrdiff_t>(y * window_.stride_height) - static_cast<ptrdiff_t>(window_.pad_top);
  point_pixels(window_, part.input, image, first,
               (lines - 1) * window_.stride_height + window_.kernel_height, zeros_.as<float>(),
               table);
  DepthwiseF32Block b = block(part, line);
  b.pitch = table_columns(window_);
  float* out = b.out;
  for (size_t channel = 0; channel < window_.channels; channel += channels_at_once) {
    size_t end = channel + channels_at_once;
    if (end + kernel_->lanes > window_.channels) end = window_.channels;
    b.channel_begin = channel;
    b.channel_end = end;
    for (size_t x = 0; x < window_.out_width;) {
      const size_t columns = block_columns(window_.out_width - x);
      b.pixels = table + x * window_.stride_width;
      b.out = out + x * window_.channels;
      unrolled_[lines - 1][columns - 1](b);
      x += columns;
    }
    if (end == window_.channels) break;
  }
}

void DepthwiseF32::run_any_size(const Part& part, size_t line) const {
  const size_t image = line / window_.out_height, y = line % window_.out_height;
  auto* table = static_cast<const float**>(part.scratch);
  DepthwiseF32Block b = block(part, line);
  b.pitch = max_block_columns;
  const auto* runs = window_.channels < kernel_->lanes ? kernel_->few_channels : kernel_->any_size;
  for (size_t x = 0; x < window_.out_width;) {
    const size_t columns = block_columns(window_.out_width - x);
    const WindowRun run{window_, image, y, x, columns};
    const float** to = table;
    for (size_t ky = 0; ky < window_.kernel_height; ++ky) {
      const float* from = run.line(part.input, ky);
      const size_t width = from ? window_.in_width : 0;
      for (size_t kx = 0; kx < window_.kernel_width; ++kx, to += max_block_columns)
        for (size_t t = 0; t < columns; ++t) {
          const size_t column = run.column(t, kx);
          to[t] = column < width ? from + column * window_.pixel_stride : zeros_.as<float>();
        }
    }
    runs[columns - 1](b);
    b.out += columns * window_.channels;
    x += columns;
  }
}

}  // namespace wherry::kernels
