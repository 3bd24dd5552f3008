// Packs weights, finds rows and walks over tiles: all of the float product but the arithmetic.
#include "kernels/gemm/gemm_f32.h"

#include <algorithm>
#include <cstring>

#include "base/halves.h"
#include "base/large_pages.h"
#include "base/transpose_four.h"

namespace wherry::kernels {
namespace {

// Weights beyond half of a level-2 cache are reused over several tiles while a panel is in it.
constexpr size_t weight_cache_bytes = size_t{1} << 19;
constexpr size_t row_cache_bytes = size_t{1} << 18;

constexpr size_t round_up(size_t value, size_t step) { return (value + step - 1) / step * step; }

const float* first_weight(const GemmF32Weights& weights, const Panels::Panel& panel) {
  return weights.weights + panel.first_column * weights.column_stride;
}

size_t widest_tile(const GemmF32Kernel& kernel, const Panels& panels) {
  return panels.count ? kernel.rows[panels.widest() - 1] : 1;
}

}  // namespace

GemmF32::GemmF32(const GemmF32Weights& weights, const Options& options)
    : kernel_(options.variant.kernel),
      window_(options.window),
      low_(options.low),
      high_(options.high),
      panels_(Panels::cut(weights.columns, kernel_->grain, kernel_->max_units)),
      tile_rows_(widest_tile(*kernel_, panels_)),
      left_(options.window, tile_rows_) {
  const size_t row_bytes = window_.depth() * sizeof(float);
  const bool reuse = panels_.padded_columns() * row_bytes > weight_cache_bytes;
  const size_t reused_rows = row_cache_bytes / std::max<size_t>(row_bytes, 1);
  const size_t tiles = reuse ? std::clamp<size_t>(reused_rows / tile_rows_, 1, 16) : 1;
  block_rows_ = tiles * tile_rows_;
  if (weights.weights) packed_ = AlignedBuffer(packed_bytes());
  prefer_large_pages({packed_.data(), packed_.size()});
  usable_ = !weights.weights || packed_;
  if (packed_) pack(weights, packed_.as<float>());
}

void GemmF32::pack(const GemmF32Weights& weights, float* packed) const {
  for (size_t p = 0; p < panels_.count; ++p) {
    const Panels::Panel panel = panels_[p];
    pack_panel(first_weight(weights, panel), weights, panel,
               packed + panel.first_column * (window_.depth() + 1));
  }
}

void GemmF32::pack_panel(const float* from, const GemmF32Weights& weights,
                         const Panels::Panel& panel, float* to) const {
  for (size_t n = 0; n < panel.width(); ++n)
    to[n] = weights.bias && n < panel.columns ? weights.bias[panel.first_column + n] : 0;
  if (weights.column_stride == 1)
    pack_lines(from, weights.depth_stride, panel, to + panel.width());
  else
    pack_columns(from, weights, panel, to + panel.width());
}

/// Of weights whose neighbouring columns are neighbours in memory.
void GemmF32::pack_lines(const float* from, size_t depth_stride, const Panels::Panel& panel,
                         float* to) const {
  for (size_t k = 0; k < window_.depth(); ++k, from += depth_stride, to += panel.width()) {
    std::memcpy(to, from, panel.columns * sizeof(float));
    std::fill(to + panel.columns, to + panel.width(), 0.0f);
  }
}

void GemmF32::pack_columns(const float* from, const GemmF32Weights& weights,
                           const Panels::Panel& panel, float* to) const {
  const size_t depth = window_.depth();
  constexpr size_t depth_block = 16;  // so that the rows read together stay in cache
  for (size_t begin = 0; begin < depth; begin += depth_block) {
    const size_t end = std::min(begin + depth_block, depth);
    size_t n = 0;
    for (; weights.depth_stride == 1 && n + 4 <= panel.columns && end == begin + depth_block;
         n += 4)
      for (size_t k = begin; k < end; k += 4)
        transpose_four(reinterpret_cast<const std::byte*>(from + n * weights.column_stride + k),
                       static_cast<ptrdiff_t>(weights.column_stride * sizeof(float)),
                       to + k * panel.width() + n, static_cast<ptrdiff_t>(panel.width()));
    for (; n < panel.width(); ++n) {
      const float* column = from + n * weights.column_stride;
      for (size_t k = begin; k < end; ++k)
        to[k * panel.width() + n] = n < panel.columns ? column[k * weights.depth_stride] : 0;
    }
  }
}

size_t GemmF32::scratch_bytes() const {
  return round_up(left_.line_bytes(), 64) +
         round_up(left_.pointers_needed() * sizeof(const float*), 64);
}

size_t GemmF32::panel_bytes() const {
  return round_up(panels_.widest() * Panels::unit * (window_.depth() + 1) * sizeof(float), 64);
}

size_t GemmF32::unpacked_scratch_bytes(bool from_halves) const {
  return panel_bytes() * (from_halves ? 2 : 1) + scratch_bytes();
}

void GemmF32::run_tile(const Part& part, const LeftRowsF32::Strip& strip, size_t first,
                       size_t p) const {
  const Panels::Panel panel = panels_[p];
  const float* packed = part.packed ? part.packed : packed_.as<float>();
  const GemmF32Tile tile = {
      .rows = strip.pointers + first,
      .tap_offsets = left_.tap_offsets(),
      .taps = left_.taps(),
      .depth = left_.tap_depth(),
      .panel = part.panel ? part.panel : packed + panel.first_column * (window_.depth() + 1),
      .low = low_,
      .high = high_,
      .out = part.out + (strip.row + first) * part.out_stride + panel.first_column,
      .out_stride = part.out_stride,
      .row_count = std::min(tile_rows_, strip.count - first),
      .columns = panel.columns};
  kernel_->tiles[(panel.units - 1) * kernel_->pitch + tile.row_count - 1](tile);
}

void GemmF32::run(const Part& part) const {
  LeftRowsF32::Strip strip{.input = part.input, .row = part.row_begin, .count = 0};
  strip.lines = static_cast<float*>(part.scratch);
  auto* after_lines = static_cast<std::byte*>(part.scratch) + round_up(left_.line_bytes(), 64);
  strip.pointers = reinterpret_cast<const float**>(after_lines);
  for (; strip.row < part.row_end; strip.row += strip.count) {
    strip.count = left_.rows_from(strip.row, part.row_end - strip.row);
    left_.prepare(strip);
    for (size_t block = 0; block < strip.count; block += block_rows_) {
      const size_t end = std::min(block + block_rows_, strip.count);
      for (size_t panel = part.panel_begin; panel < part.panel_end; ++panel)
        for (size_t first = block; first < end; first += tile_rows_)
          run_tile(part, strip, first, panel);
    }
  }
}

void GemmF32::run_unpacked(const GemmF32Weights& weights, const Part& part) const {
  const size_t depth = window_.depth();
  auto* packed = static_cast<float*>(part.scratch);
  float* floats = packed + panel_bytes() / sizeof(float);
  Part one = part;
  one.panel = packed;
  one.scratch = weights.halves ? floats + panel_bytes() / sizeof(float) : floats;
  for (size_t p = part.panel_begin; p < part.panel_end; ++p) {
    const Panels::Panel panel = panels_[p];
    if (weights.halves) {
      const std::span halves(weights.halves + panel.first_column * depth, panel.columns * depth);
      halves_to_floats(std::as_bytes(halves),
                       std::as_writable_bytes(std::span(floats, halves.size())));
      pack_panel(floats, weights, panel, packed);
    } else {
      pack_panel(first_weight(weights, panel), weights, panel, packed);
    }
    one.panel_begin = p, one.panel_end = p + 1;
    run(one);
  }
}

}  // namespace wherry::kernels
