// Walks over the lines of the 8-bit depthwise convolution; packing is in depthwise_i8_pack.cc.
#include "kernels/depthwise/depthwise_i8.h"

#include <algorithm>

#include "kernels/depthwise/pixel_table.h"

namespace wherry::kernels {

size_t DepthwiseI8::scratch_bytes() const {
  const Window& w = options_.window;
  const size_t lines = square_ ? w.stride_height + w.kernel_height : w.kernel_height;
  return lines * table_columns(w) * sizeof(const uint8_t*);
}

void DepthwiseI8::run(const Part& part) const {
  for (size_t line = part.line_begin; line < part.line_end;) {
    if (!square_) {
      run_line(part, line++);
      continue;
    }
    const size_t left_in_image = options_.window.out_height - line % options_.window.out_height;
    const size_t lines = std::min({size_t{2}, left_in_image, part.line_end - line});
    run_square(part, line, lines);
    line += lines;
  }
}

DepthwiseI8Block DepthwiseI8::block(const Part& part, size_t line, const Chunk& chunk) const {
  const Window& w = options_.window;
  return {.tap_index = tap_index_.data(),
          .column_step = w.stride_width,
          .groups = groups_,
          .channel = chunk.channel,
          .channel_count = chunk.count,
          .packed = packed_.as<const uint8_t>() + chunk.packed_at,
          .is_signed = options_.input_signed,
          .low = options_.low,
          .high = options_.high,
          .zero_point = options_.output_zero_point,
          .out = static_cast<uint8_t*>(part.out) + line * w.out_width * w.channels,
          .out_pixel = w.channels,
          .pitch = table_columns(w),
          .planes = planes_,
          .out_line = w.out_width * w.channels};
}

void DepthwiseI8::run_line(const Part& part, size_t line) const {
  const Window& w = options_.window;
  auto* table = static_cast<const uint8_t**>(part.scratch);
  const size_t image = line / w.out_height, y = line % w.out_height;
  for (size_t ky = 0; ky < w.kernel_height; ++ky) {
    const auto in_line = static_cast<ptrdiff_t>(y * w.stride_height + ky * w.dilation_height) -
                         static_cast<ptrdiff_t>(w.pad_top);
    point_pixels(w, static_cast<const uint8_t*>(part.input), image, in_line, 1,
                 padding_.as<const uint8_t>(), table + ky * table_columns(w));
  }
  for (const Chunk& chunk : chunks_) run_chunk(part, line, chunk);
}

void DepthwiseI8::run_chunk(const Part& part, size_t line, const Chunk& chunk) const {
  const Window& w = options_.window;
  const auto* table = static_cast<const uint8_t**>(part.scratch);
  DepthwiseI8Block b = block(part, line, chunk);
  const auto& runs = chunk.count < chunk.width->channels ? chunk.width->few : chunk.width->run;
  for (size_t x = 0; x < w.out_width;) {
    const size_t columns = block_columns(w.out_width - x);
    b.pixels = table + x * w.stride_width;
    runs[columns - 1](b);
    b.out += columns * w.channels;
    x += columns;
  }
}

void DepthwiseI8::run_square(const Part& part, size_t line, size_t lines) const {
  const Window& w = options_.window;
  const size_t image = line / w.out_height, y = line % w.out_height;
  const auto first =
      static_cast<ptrdiff_t>(y * w.stride_height) - static_cast<ptrdiff_t>(w.pad_top);
  point_pixels(w, static_cast<const uint8_t*>(part.input), image, first,
               (lines - 1) * w.stride_height + w.kernel_height, padding_.as<const uint8_t>(),
               static_cast<const uint8_t**>(part.scratch));
  for (const Chunk& chunk : chunks_) run_square_chunk(part, line, lines, chunk);
}

void DepthwiseI8::run_square_chunk(const Part& part, size_t line, size_t lines,
                                   const Chunk& chunk) const {
  const Window& w = options_.window;
  const auto* table = static_cast<const uint8_t**>(part.scratch);
  DepthwiseI8Block b = block(part, line, chunk);
  const auto& runs = chunk.width->square3[w.stride_width - 1][lines - 1];
  for (size_t x = 0; x < w.out_width;) {
    const size_t columns = std::min<size_t>(w.out_width - x, 2);
    b.pixels = table + x * w.stride_width;
    runs[columns - 1](b);
    b.out += columns * w.channels;
    x += columns;
  }
}

}  // namespace wherry::kernels
