// The inner kernel of the float matrix product as a template over the vector type.
#pragma once

#include "kernels/gemm/gemm_f32_kernel.h"

namespace wherry::kernels {

/// `rows` rows times `wides` wide vectors and, where `halves` is 1, one of half the width.
template <class Wide, class Half, size_t rows, size_t wides, size_t halves>
struct GemmF32Body {
  static constexpr size_t width = wides * Wide::lanes + halves * Half::lanes;
  static constexpr size_t wide_slots = wides ? wides : 1;  // no arrays of size zero

  typename Wide::Vec wide[rows][wide_slots];
  typename Half::Vec half[rows];

  [[gnu::always_inline]] void start(const float* bias) {
#pragma GCC unroll 12
    for (size_t i = 0; i < rows; ++i) {
#pragma GCC unroll 8
      for (size_t j = 0; j < wides; ++j) wide[i][j] = Wide::load(bias + j * Wide::lanes);
      if constexpr (halves) half[i] = Half::load(bias + wides * Wide::lanes);
    }
  }

  [[gnu::always_inline]] void multiply(const float* const* pointers, ptrdiff_t offset, size_t depth,
                                       const float* weights) {
    const float* row[rows];
#pragma GCC unroll 12
    for (size_t i = 0; i < rows; ++i) row[i] = pointers[i] + offset;
    for (size_t k = 0; k < depth; ++k, weights += width) {
      typename Wide::Vec column[wide_slots];
      typename Half::Vec narrow{};
#pragma GCC unroll 8
      for (size_t j = 0; j < wides; ++j) column[j] = Wide::load(weights + j * Wide::lanes);
      if constexpr (halves) narrow = Half::load(weights + wides * Wide::lanes);
#pragma GCC unroll 12
      for (size_t i = 0; i < rows; ++i) {
        if constexpr (wides > 0) {
          const typename Wide::Vec value = Wide::set(row[i][k]);
#pragma GCC unroll 8
          for (size_t j = 0; j < wides; ++j) wide[i][j] = Wide::fma(value, column[j], wide[i][j]);
          if constexpr (halves) half[i] = Half::fma(Half::narrow(value), narrow, half[i]);
        } else {
          half[i] = Half::fma(Half::set(row[i][k]), narrow, half[i]);
        }
      }
    }
  }

  /// One row, all of it where `full`, else `columns` of it.
  template <bool full>
  [[gnu::always_inline]] void store_row(const GemmF32Tile& tile, size_t i, float* out) {
    const typename Wide::Vec low = Wide::set(tile.low), high = Wide::set(tile.high);
#pragma GCC unroll 8
    for (size_t j = 0; j < wides; ++j) {
      const typename Wide::Vec y = Wide::min(high, Wide::max(low, wide[i][j]));
      const size_t at = j * Wide::lanes;
      if constexpr (full) {
        Wide::store(out + at, y);
      } else if (at < tile.columns) {
        Wide::store_first(out + at, y, tile.columns - at);
      }
    }
    if constexpr (halves) {
      const typename Half::Vec y =
          Half::min(Half::set(tile.high), Half::max(Half::set(tile.low), half[i]));
      constexpr size_t at = wides * Wide::lanes;
      if constexpr (full) {
        Half::store(out + at, y);
      } else if (at < tile.columns) {
        Half::store_first(out + at, y, tile.columns - at);
      }
    }
  }

  template <bool full>
  [[gnu::always_inline]] void store(const GemmF32Tile& tile) {
    float* out = tile.out;
#pragma GCC unroll 12
    for (size_t i = 0; i < rows; ++i, out += tile.out_stride)
      if (i < tile.row_count) store_row<full>(tile, i, out);
  }

  static void run(const GemmF32Tile& tile) {
    GemmF32Body body;
    const float* weights = tile.panel;
    body.start(weights);
    weights += width;
    for (size_t tap = 0; tap < tile.taps; ++tap) {
      body.multiply(tile.rows, tile.tap_offsets[tap], tile.depth, weights);
      weights += tile.depth * width;
    }
    if (tile.columns == width)
      body.template store<true>(tile);
    else
      body.template store<false>(tile);
  }
};

}  // namespace wherry::kernels
