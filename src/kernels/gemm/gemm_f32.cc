// Packs weights, finds rows and walks over tiles: all of the float product but the arithmetic.
#include "kernels/gemm/gemm_f32.h"

#include <algorithm>
#include <cstring>

namespace wherry::kernels {
namespace {

// Below this many channels a pointer per tap costs more than copying the pixels at the border.
constexpr size_t channels_worth_a_pointer = 16;
// Weights beyond half of a level-2 cache are reused over several tiles while a panel is in it.
constexpr size_t weight_cache_bytes = size_t{1} << 19;
constexpr size_t row_cache_bytes = size_t{1} << 18;

constexpr size_t round_up(size_t value, size_t step) { return (value + step - 1) / step * step; }

}  // namespace

GemmF32::GemmF32(const GemmF32Weights& weights, const Options& options)
    : kernel_(options.variant.kernel),
      window_(options.window),
      low_(options.low),
      high_(options.high),
      panels_(Panels::cut(weights.columns, kernel_->grain, kernel_->max_units)) {
  merged_ = window_.rows_contiguous() && window_.channels < channels_worth_a_pointer &&
            window_.kernel_width > 1;
  taps_ = merged_ ? window_.kernel_height : window_.taps();
  depth_ = merged_ ? window_.kernel_width * window_.channels : window_.channels;
  tile_rows_ = panels_.count ? kernel_->rows[panels_.widest() - 1] : 1;
  const size_t row_bytes = window_.depth() * sizeof(float);
  const bool reuse = panels_.padded_columns() * row_bytes > weight_cache_bytes;
  const size_t reused_rows = row_cache_bytes / std::max<size_t>(row_bytes, 1);
  block_tiles_ = reuse ? std::clamp<size_t>(reused_rows / tile_rows_, 1, 16) : 1;
  zeros_ = AlignedBuffer(depth_ * sizeof(float));
  if (weights.weights) packed_ = AlignedBuffer(packed_bytes());
  if (weights.weights && !packed_) zeros_ = AlignedBuffer();
  if (!zeros_) return;
  std::memset(zeros_.as<float>(), 0, depth_ * sizeof(float));
  if (packed_) pack(weights, packed_.as<float>());
}

void GemmF32::pack(const GemmF32Weights& weights, float* packed) const {
  for (size_t p = 0; p < panels_.count; ++p) {
    const Panels::Panel panel = panels_[p];
    float* to = packed + panel.first_column * (window_.depth() + 1);
    for (size_t n = 0; n < panel.width(); ++n)
      to[n] = weights.bias && n < panel.columns ? weights.bias[panel.first_column + n] : 0;
    const float* from = weights.weights + panel.first_column * weights.column_stride;
    if (weights.column_stride == 1)
      pack_lines(from, weights.depth_stride, panel, to + panel.width());
    else
      pack_columns(from, weights, panel, to + panel.width());
  }
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
    for (size_t n = 0; n < panel.width(); ++n) {
      const float* column = from + n * weights.column_stride;
      for (size_t k = begin; k < end; ++k)
        to[k * panel.width() + n] = n < panel.columns ? column[k * weights.depth_stride] : 0;
    }
  }
}

size_t GemmF32::scratch_bytes() const {
  const size_t pointers = block_tiles_ * taps_ * max_tile_rows * sizeof(const float*);
  const size_t patches = merged_ ? block_tiles_ * tile_rows_ * window_.depth() * sizeof(float) : 0;
  return round_up(pointers, 64) + round_up(patches, 64);
}

// Rows beyond `rows` repeat the last one: inner kernels read whole tiles.
void GemmF32::point_rows(const Part& part, size_t row, size_t rows, const float** table,
                         float* patches) const {
  if (window_.pointwise()) {
    for (size_t i = 0; i < max_tile_rows; ++i)
      table[i] = part.input + (row + std::min(i, rows - 1)) * window_.pixel_stride;
    return;
  }
  for_each_run(window_, row, rows, [&](const WindowRun& run, size_t at) {
    const float** to = table + at;
    for (size_t ky = 0; ky < window_.kernel_height; ++ky) {
      const float* line = run.line(part.input, ky);
      if (merged_) {
        for (size_t i = 0; i < run.count; ++i) to[i] = kernel_row(run, line, i, patches);
        to += max_tile_rows;
      } else {
        for (size_t kx = 0; kx < window_.kernel_width; ++kx, to += max_tile_rows)
          point_taps(run, line, kx, to);
      }
    }
  });
  for (size_t t = 0; t < taps_; ++t)
    for (size_t i = rows; i < max_tile_rows; ++i)
      table[t * max_tile_rows + i] = table[t * max_tile_rows + rows - 1];
}

void GemmF32::point_taps(const WindowRun& run, const float* line, size_t kx,
                         const float** to) const {
  const float* zeros = zeros_.as<float>();
  const size_t width = line ? window_.in_width : 0;
  for (size_t i = 0, column = run.column(0, kx); i < run.count; ++i, column += window_.stride_width)
    to[i] = column < width ? line + column * window_.pixel_stride : zeros;
}

/// The taps of one kernel row, copied to `patches` where they cross the border.
const float* GemmF32::kernel_row(const WindowRun& run, const float* line, size_t i,
                                 float*& patches) const {
  const Segment<float> segment = run.kernel_row(line, i);
  if (segment.length == depth_) return segment.data;
  if (segment.length == 0) return zeros_.as<float>();
  float* patch = patches;
  patches += depth_;
  std::memset(patch, 0, depth_ * sizeof(float));
  std::memcpy(patch + segment.lead, segment.data, segment.length * sizeof(float));
  return patch;
}

void GemmF32::run_tile(const Part& part, size_t row, size_t p, const float* const* table) const {
  const Panels::Panel panel = panels_[p];
  const float* packed = part.packed ? part.packed : packed_.as<float>();
  const GemmF32Tile tile = {.rows = table,
                            .taps = taps_,
                            .depth = depth_,
                            .panel = packed + panel.first_column * (window_.depth() + 1),
                            .low = low_,
                            .high = high_,
                            .out = part.out + row * part.out_stride + panel.first_column,
                            .out_stride = part.out_stride,
                            .row_count = std::min(tile_rows_, part.row_end - row),
                            .columns = panel.columns};
  kernel_->tiles[(panel.units - 1) * kernel_->pitch + tile.row_count - 1](tile);
}

void GemmF32::run(const Part& part) const {
  const size_t table_size = taps_ * max_tile_rows;
  const size_t table_bytes = round_up(block_tiles_ * table_size * sizeof(const float*), 64);
  auto* tables = static_cast<const float**>(part.scratch);
  auto* patches = reinterpret_cast<float*>(static_cast<std::byte*>(part.scratch) + table_bytes);
  const size_t block_rows = block_tiles_ * tile_rows_;
  for (size_t block = part.row_begin; block < part.row_end; block += block_rows) {
    const size_t block_end = std::min(block + block_rows, part.row_end);
    for (size_t row = block, t = 0; row < block_end; row += tile_rows_, ++t)
      point_rows(part, row, std::min(tile_rows_, block_end - row), tables + t * table_size,
                 patches + t * tile_rows_ * window_.depth());
    for (size_t panel = part.panel_begin; panel < part.panel_end; ++panel)
      for (size_t row = block, t = 0; row < block_end; row += tile_rows_, ++t)
        run_tile(part, row, panel, tables + t * table_size);
  }
}

}  // namespace wherry::kernels
