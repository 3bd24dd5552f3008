// Packs weights with their column sums and walks over strips, panels and tiles.
#include "kernels/gemm/gemm_i8.h"

#include <algorithm>
#include <cstring>

#include "base/large_pages.h"

namespace wherry::kernels {
namespace {

constexpr size_t header_bytes = 12;  // start, scale and bias of a column

constexpr size_t round_up(size_t value, size_t step) { return (value + step - 1) / step * step; }

int32_t weight_at(const GemmI8Weights& weights, size_t column, size_t k) {
  const uint8_t raw = static_cast<const uint8_t*>(
      weights.values)[column * weights.column_stride + k * weights.depth_stride];
  return weights.is_signed ? static_cast<int8_t>(raw) : raw;
}

/// (byte - shift) of each of four bytes.
uint32_t four_shifted(uint32_t bytes, uint32_t shifts) {
  constexpr uint32_t tops = 0x80808080;
  return ((bytes | tops) - (shifts & ~tops)) ^ ((bytes ^ ~shifts) & tops);
}

/// The sum of the elements of a column, which lie side by side.
template <class T>
int64_t sum_of(const T* elements, size_t count) {
  int64_t total = 0;
  while (count > 0) {  // in pieces whose sums fit 32 bits
    const size_t piece = std::min<size_t>(count, size_t{1} << 20);
    int32_t lanes[16] = {}, sum = 0;
    size_t i = 0;
    for (; i + 16 <= piece; i += 16)
      for (size_t lane = 0; lane < 16; ++lane) lanes[lane] += elements[i + lane];
    for (int32_t lane : lanes) sum += lane;
    for (; i < piece; ++i) sum += elements[i];
    total += sum, elements += piece, count -= piece;
  }
  return total;
}

int64_t column_sum(const GemmI8Weights& weights, size_t column, size_t depth) {
  const auto* first = static_cast<const uint8_t*>(weights.values) + column * weights.column_stride;
  if (weights.depth_stride == 1)
    return weights.is_signed ? sum_of(reinterpret_cast<const int8_t*>(first), depth)
                             : sum_of(first, depth);
  int64_t sum = 0;
  for (size_t k = 0; k < depth; ++k) sum += weight_at(weights, column, k);
  return sum;
}

size_t widest_tile(const GemmI8Kernel& kernel, const Panels& panels) {
  return panels.count ? kernel.rows[panels.widest() - 1] : 1;
}

}  // namespace

GemmI8::GemmI8(const GemmI8Weights& weights, const Options& options)
    : options_(options),
      kernel_(options.variant.kernel),
      panels_(Panels::cut(weights.columns, kernel_->grain, kernel_->max_units)),
      tile_rows_(widest_tile(*kernel_, panels_)),
      left_({.window = options.window,
             .is_signed = options.input_signed,
             .kernel = kernel_,
             .tile_rows = tile_rows_,
             .rows_per_zero_point =
                 options.to_floats ? options.rows_per_scale : static_cast<size_t>(-1)}) {
  if (weights.values) packed_ = AlignedBuffer(panels_.padded_columns() * column_bytes());
  prefer_large_pages({packed_.data(), packed_.size()});
  usable_ = !weights.values || packed_;
  if (!packed_) return;
  choose_left_weights(weights);
  pack(weights);
}

// Where weights are packed as bytes, their zero point is subtracted if all of them stay in range;
// if not, unsigned ones are shifted to signed and the rest of the zero point is kept for later.
void GemmI8::choose_left_weights(const GemmI8Weights& weights) {
  weight_shift_ = weights.zero_point;
  if (kernel_->left_bytes == 2 || (weights.is_signed && weights.zero_point == 0)) return;
  const size_t depth = options_.window.depth();
  bool fits = true;
  for (size_t n = 0; n < weights.columns && fits; ++n)
    for (size_t k = 0; k < depth && fits; ++k) {
      const int32_t value = weight_at(weights, n, k) - weights.zero_point;
      fits = value >= -128 && value <= 127;
    }
  if (fits) return;
  weight_shift_ = weights.is_signed ? 0 : 128;
  weight_remainder_ = weights.zero_point - weight_shift_;
}

size_t GemmI8::column_bytes() const { return header_bytes + left_.taps() * left_.groups() * 4; }

size_t GemmI8::panel_bytes() const {
  return round_up(panels_.widest() * Panels::unit * column_bytes(), 64);
}

uint8_t* GemmI8::panel_at(const Panels::Panel& panel) const {
  return packed_.as<uint8_t>() + panel.first_column * column_bytes();
}

void GemmI8::pack(const GemmI8Weights& weights) {
  for (size_t p = 0; p < panels_.count; ++p) {
    const Panels::Panel panel = panels_[p];
    pack_panel(weights, panel, panel_at(panel));
  }
}

void GemmI8::pack_panel(const GemmI8Weights& weights, const Panels::Panel& panel,
                        uint8_t* to) const {
  pack_header(weights, panel, to);
  pack_groups(weights, panel, to + header_bytes * panel.width());
}

void GemmI8::pack_header(const GemmI8Weights& weights, const Panels::Panel& panel,
                         uint8_t* to) const {
  auto* start = reinterpret_cast<int32_t*>(to);
  auto* scale = reinterpret_cast<float*>(to) + panel.width();
  float* bias = scale + panel.width();
  std::memset(to, 0, header_bytes * panel.width());
  const size_t depth = options_.window.depth();
  for (size_t i = 0; i < panel.columns; ++i) {
    const size_t n = panel.first_column + i;
    scale[i] = weights.scales[n];
    if (options_.to_floats && weights.float_bias) bias[i] = weights.float_bias[n];
    const int64_t sum = kernel_->left_bytes == 1 ? column_sum(weights, n, depth) -
                                                       static_cast<int64_t>(depth) * weight_shift_
                                                 : 0;
    if (options_.to_floats) {
      start[i] = static_cast<int32_t>(sum);
      continue;
    }
    const int64_t zero = options_.input_zero_point + (options_.input_signed ? 128 : 0);
    int64_t value = weights.bias ? weights.bias[n] : 0;
    if (kernel_->left_bytes == 1)
      value += static_cast<int64_t>(depth) * zero * weight_remainder_ - zero * sum;
    start[i] = static_cast<int32_t>(value);  // wraps round like the sums it is added to
  }
}

void GemmI8::pack_groups(const GemmI8Weights& weights, const Panels::Panel& panel,
                         uint8_t* to) const {
  const size_t groups = left_.groups(), tap_depth = left_.tap_depth();
  const size_t in_group = 4 / kernel_->left_bytes;
  const size_t whole = kernel_->left_bytes == 1 && weights.depth_stride == 1 ? tap_depth / 4 : 0;
  for (size_t tap = 0; tap < left_.taps(); ++tap, to += 4 * groups * panel.width()) {
    pack_whole_groups(weights, panel, {tap * tap_depth, whole}, to);
    for (size_t group = whole; group < groups; ++group)
      for (size_t i = 0; i < panel.width(); ++i)
        for (size_t e = 0; e < in_group; ++e) {
          const size_t k = group * in_group + e;
          const bool useful = i < panel.columns && k < tap_depth;
          const auto value = static_cast<int16_t>(
              useful
                  ? weight_at(weights, panel.first_column + i, tap * tap_depth + k) - weight_shift_
                  : 0);
          std::memcpy(to + 4 * (group * panel.width() + i) + e * kernel_->left_bytes, &value,
                      kernel_->left_bytes);
        }
  }
}

// In squares, so that reading along columns and writing across them both stay in the cache.
void GemmI8::pack_whole_groups(const GemmI8Weights& weights, const Panels::Panel& panel,
                               const Groups& given, uint8_t* to) const {
  constexpr size_t square = 16;
  const uint32_t shifts = 0x01010101u * static_cast<uint8_t>(weight_shift_);
  const auto* first = static_cast<const uint8_t*>(weights.values) + given.first_k +
                      panel.first_column * weights.column_stride;
  for (size_t group = 0; group < given.count; group += square) {
    const size_t last = std::min(group + square, given.count);
    for (size_t i = 0; i < panel.width(); ++i)
      for (size_t g = group; g < last; ++g) {
        uint32_t four = shifts;
        if (i < panel.columns) std::memcpy(&four, first + i * weights.column_stride + 4 * g, 4);
        four = four_shifted(four, shifts);
        std::memcpy(to + 4 * (g * panel.width() + i), &four, 4);
      }
  }
}

/// The strip being worked on, and its place in scratch memory.
struct GemmI8::Strip {
  size_t row = 0, count = 0;
  uint8_t* lines;
  const uint8_t** pointers;
  int32_t* terms;
  float* scales;
};

size_t GemmI8::scratch_bytes() const {
  const size_t rows = left_.pointers_needed();
  return round_up(left_.line_bytes(), 64) + round_up(rows * sizeof(void*), 64) +
         2 * round_up(rows * sizeof(int32_t), 64);
}

GemmI8::Strip GemmI8::strip_in(const Part& part) const {
  const size_t rows = left_.pointers_needed();
  Strip strip;
  strip.lines = static_cast<uint8_t*>(part.scratch);
  uint8_t* next = strip.lines + round_up(left_.line_bytes(), 64);
  strip.pointers = reinterpret_cast<const uint8_t**>(next);
  next += round_up(rows * sizeof(void*), 64);
  strip.terms = reinterpret_cast<int32_t*>(next);
  strip.scales = reinterpret_cast<float*>(next + round_up(rows * sizeof(int32_t), 64));
  std::fill_n(strip.terms, rows, 0);
  std::fill_n(strip.scales, rows, 0.0f);
  return strip;
}

void GemmI8::prepare(const Part& part, Strip& strip) const {
  const int32_t* zero_points =
      options_.to_floats ? part.row_zero_points : &options_.input_zero_point;
  left_.prepare({.input = static_cast<const uint8_t*>(part.input),
                 .row = strip.row,
                 .count = strip.count,
                 .zero_points = zero_points,
                 .lines = strip.lines,
                 .pointers = strip.pointers});
  const bool bytes = kernel_->left_bytes == 1;
  if (options_.to_floats) {
    for (size_t i = 0; i < strip.count; ++i) {
      const size_t at = (strip.row + i) / options_.rows_per_scale;
      strip.scales[i] = part.row_scales[at];
      strip.terms[i] = bytes ? -(part.row_zero_points[at] + (options_.input_signed ? 128 : 0)) : 0;
    }
  } else if (weight_remainder_ != 0) {
    for (size_t i = 0; i < strip.count; ++i) {
      int64_t sum = 0;
      for (size_t tap = 0; tap < left_.taps(); ++tap)
        sum += kernel_->sum(strip.pointers[i] + left_.tap_offsets()[tap], left_.tap_depth());
      strip.terms[i] = static_cast<int32_t>(-weight_remainder_ * sum);
    }
  }
}

void GemmI8::run_tile(const Part& part, const Strip& strip, size_t first, size_t p) const {
  const Panels::Panel panel = panels_[p];
  const size_t at = (strip.row + first) * part.out_stride + panel.first_column;
  const size_t rows = std::min(tile_rows_, strip.count - first);
  const GemmI8Tile tile = {
      .rows = strip.pointers + first,
      .tap_offsets = left_.tap_offsets(),
      .taps = left_.taps(),
      .groups = left_.groups(),
      .panel = part.panel ? part.panel : panel_at(panel),
      .row_terms = strip.terms + first,
      .row_scales = strip.scales + first,
      .low = options_.low,
      .high = options_.high,
      .zero_point = options_.output_zero_point,
      .out = static_cast<uint8_t*>(part.out) + at * (options_.to_floats ? sizeof(float) : 1),
      .out_stride = part.out_stride,
      .row_count = rows,
      .columns = panel.columns};
  const auto* runs = options_.to_floats ? kernel_->to_floats : kernel_->to_bytes;
  runs[(panel.units - 1) * kernel_->pitch + rows - 1](tile);
}

void GemmI8::run(const Part& part) const {
  Strip strip = strip_in(part);
  for (strip.row = part.row_begin; strip.row < part.row_end; strip.row += strip.count) {
    strip.count = left_.rows_from(strip.row, part.row_end - strip.row);
    prepare(part, strip);
    for (size_t panel = part.panel_begin; panel < part.panel_end; ++panel)
      for (size_t first = 0; first < strip.count; first += tile_rows_)
        run_tile(part, strip, first, panel);
  }
}

void GemmI8::run_unpacked(const GemmI8Weights& weights, const Part& part) const {
  Part one = part;
  one.panel = static_cast<uint8_t*>(part.scratch);
  one.scratch = one.panel + panel_bytes();
  for (size_t p = part.panel_begin; p < part.panel_end; ++p) {
    pack_panel(weights, panels_[p], one.panel);
    one.panel_begin = p, one.panel_end = p + 1;
    run(one);
  }
}

}  // namespace wherry::kernels
