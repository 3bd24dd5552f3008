// The inner kernel of the 8-bit matrix product as a template over the vector type.
#pragma once

#include "kernels/gemm/gemm_i8_kernel.h"

namespace wherry::kernels {

/// `row_total` rows times `wides` wide vectors and, where `halves` is 1, one of half the width.
/// Wide and Half know dot(sums, left group, weights) and group(pointer).
template <class Wide, class Half, bool floats, size_t row_total, size_t wides, size_t halves>
struct GemmI8Body {
  static constexpr size_t width = wides * Wide::lanes + halves * Half::lanes;
  static constexpr size_t wide_slots = wides ? wides : 1;  // no arrays of size zero
  static constexpr size_t half_at = wides * Wide::lanes;

  typename Wide::Int wide[row_total][wide_slots];
  typename Half::Int half[row_total];

  [[gnu::always_inline]] void start(const GemmI8Tile& tile) {
    const auto* begin = reinterpret_cast<const int32_t*>(tile.panel);
#pragma GCC unroll 12
    for (size_t i = 0; i < row_total; ++i) {
#pragma GCC unroll 8
      for (size_t j = 0; j < wides; ++j)
        wide[i][j] = floats ? Wide::set_int(0)
                            : Wide::add_int(Wide::load_int(begin + j * Wide::lanes),
                                            Wide::set_int(tile.row_terms[i]));
      if constexpr (halves)
        half[i] = floats ? Half::set_int(0)
                         : Half::add_int(Half::load_int(begin + half_at),
                                         Half::set_int(tile.row_terms[i]));
    }
  }

  [[gnu::always_inline]] void multiply(const GemmI8Tile& tile, ptrdiff_t offset,
                                       const uint8_t* weights) {
    const uint8_t* row[row_total];
#pragma GCC unroll 12
    for (size_t i = 0; i < row_total; ++i) row[i] = tile.rows[i] + offset;
    for (size_t k = 0; k < tile.groups; ++k, weights += 4 * width) {
      typename Wide::Int column[wide_slots];
      typename Half::Int narrow{};
#pragma GCC unroll 8
      for (size_t j = 0; j < wides; ++j) column[j] = Wide::load_int(weights + 4 * j * Wide::lanes);
      if constexpr (halves) narrow = Half::load_int(weights + 4 * half_at);
#pragma GCC unroll 12
      for (size_t i = 0; i < row_total; ++i) {
        if constexpr (wides > 0) {
          const typename Wide::Int group = Wide::group(row[i] + 4 * k);
#pragma GCC unroll 8
          for (size_t j = 0; j < wides; ++j) wide[i][j] = Wide::dot(wide[i][j], group, column[j]);
          if constexpr (halves) half[i] = Half::dot(half[i], Half::narrow(group), narrow);
        } else {
          half[i] = Half::dot(half[i], Half::group(row[i] + 4 * k), narrow);
        }
      }
    }
  }

  /// What every vector of results is finished with, read before stores of bytes, which might
  /// change the tile for all that the compiler knows.
  template <class Lane>
  struct Bounds {
    typename Lane::Vec low, high;
    typename Lane::Int zero_point;
    [[gnu::always_inline]] explicit Bounds(const GemmI8Tile& tile)
        : low(Lane::set(tile.low)),
          high(Lane::set(tile.high)),
          zero_point(Lane::set_int(tile.zero_point)) {}
  };

  /// One vector of results of row i, from column `at` of the panel; `left` columns are to store.
  template <bool full, class Lane>
  [[gnu::always_inline]] static void finish(const GemmI8Tile& tile, const Bounds<Lane>& bounds,
                                            size_t i, size_t at, size_t left, void* to,
                                            typename Lane::Int sum) {
    const auto* begin = reinterpret_cast<const int32_t*>(tile.panel);
    const auto* scale = reinterpret_cast<const float*>(begin) + width;
    if constexpr (floats) {
      sum = Lane::add_int(
          sum, Lane::mul_int(Lane::load_int(begin + at), Lane::set_int(tile.row_terms[i])));
      const typename Lane::Vec factor =
          Lane::mul(Lane::load(scale + at), Lane::set(tile.row_scales[i]));
      typename Lane::Vec y = Lane::fma(Lane::to_float(sum), factor, Lane::load(scale + width + at));
      y = Lane::min(bounds.high, Lane::max(bounds.low, y));
      if constexpr (full)
        Lane::store(static_cast<float*>(to) + at, y);
      else
        Lane::store_first(static_cast<float*>(to) + at, y, left);
    } else {
      typename Lane::Vec y = Lane::mul(Lane::to_float(sum), Lane::load(scale + at));
      y = Lane::min(bounds.high, Lane::max(bounds.low, y));
      const typename Lane::Int result = Lane::add_int(Lane::to_int(y), bounds.zero_point);
      if constexpr (full)
        Lane::store_bytes(static_cast<uint8_t*>(to) + at, result);
      else
        Lane::store_first_bytes(static_cast<uint8_t*>(to) + at, result, left);
    }
  }

  template <bool full>
  [[gnu::always_inline]] void store(const GemmI8Tile& tile) {
    const Bounds<Wide> of_wide(tile);
    const Bounds<Half> of_half(tile);
    const size_t rows = tile.row_count, columns = tile.columns;
    const size_t stride = tile.out_stride * (floats ? sizeof(float) : 1);
    auto* out = static_cast<std::byte*>(tile.out);
#pragma GCC unroll 12
    for (size_t i = 0; i < row_total; ++i, out += stride) {
      if (i >= rows) return;
#pragma GCC unroll 8
      for (size_t j = 0; j < wides; ++j) {
        const size_t at = j * Wide::lanes;
        if (full || at < columns)
          finish<full, Wide>(tile, of_wide, i, at, columns - at, out, wide[i][j]);
      }
      if constexpr (halves)
        if (full || half_at < columns)
          finish<full, Half>(tile, of_half, i, half_at, columns - half_at, out, half[i]);
    }
  }

  static void run(const GemmI8Tile& tile) {
    GemmI8Body body;
    body.start(tile);
    const uint8_t* weights = tile.panel + 12 * width;
    for (size_t tap = 0; tap < tile.taps; ++tap) {
      body.multiply(tile, tile.tap_offsets[tap], weights);
      weights += tile.groups * 4 * width;
    }
    if (tile.columns == width)
      body.template store<true>(tile);
    else
      body.template store<false>(tile);
  }
};

}  // namespace wherry::kernels
