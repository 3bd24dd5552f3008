// The 8-bit depthwise convolution for 3x3 kernels as a template over the kind of vector: groups of
// four bytes, of which three taps of a kernel row fill three. Of chunks that are not full all bytes
// are read, since input may be read beyond its end, but only those of channels are stored.
#pragma once

#include "kernels/depthwise/depthwise_i8_body.h"

namespace wherry::kernels {

template <class V, size_t stride, size_t rows, size_t columns>
struct DepthwiseI8Square {
  using Int = typename V::Int;
  static constexpr size_t in_rows = (rows - 1) * stride + 3;
  static constexpr size_t shifts = stride == 1 ? 2 : 1;  ///< of the packed groups of a kernel row
  static constexpr size_t pixels = stride == 1 ? columns + 2 : 3;  ///< mixed at once
  static constexpr size_t mixes = stride == 1 ? 1 : columns;       ///< of an input row
  static constexpr size_t lanes = V::width / V::vectors;

  [[gnu::always_inline]] static void mix(const DepthwiseI8Block& b, size_t i, size_t m,
                                         Int (&mixed)[V::vectors]) {
    typename V::Raw raws[4];
#pragma GCC unroll 4
    for (size_t k = 0; k < 4; ++k) {
      const size_t column = m * stride + (k < pixels ? k : 0);
      raws[k] =
          k < pixels ? V::load(b.pixels[i * b.pitch + column] + b.channel, b.is_signed) : raws[0];
    }
    V::interleave(raws, mixed);
  }

  [[gnu::always_inline]] static void add(Int (&sums)[rows][columns][V::vectors],
                                         const Int (&mixed)[V::vectors], const uint8_t* weights,
                                         size_t i, size_t m) {
#pragma GCC unroll 2
    for (size_t r = 0; r < rows; ++r) {
      const size_t ky = i - r * stride;
      if (ky >= 3) continue;
#pragma GCC unroll 2
      for (size_t t = stride == 1 ? 0 : m; t < (stride == 1 ? columns : m + 1); ++t) {
        const size_t group = stride == 1 ? ky * shifts + t : ky;
#pragma GCC unroll 4
        for (size_t j = 0; j < V::vectors; ++j)
          sums[r][t][j] = V::dot(sums[r][t][j], mixed[j],
                                 V::load_int(weights + (group * V::vectors + j) * 4 * lanes));
      }
    }
  }

  static void run(const DepthwiseI8Block& given) {
    const DepthwiseI8Block b = given;  // a copy, which stores of bytes cannot change
    const auto* start = reinterpret_cast<const int32_t*>(b.packed);
    const auto* scale = reinterpret_cast<const float*>(b.packed) + V::width;
    const uint8_t* weights = b.packed + 8 * V::width;
    Int sums[rows][columns][V::vectors];
#pragma GCC unroll 2
    for (size_t r = 0; r < rows; ++r)
#pragma GCC unroll 2
      for (size_t t = 0; t < columns; ++t)
#pragma GCC unroll 4
        for (size_t j = 0; j < V::vectors; ++j) sums[r][t][j] = V::load_int(start + j * lanes);
#pragma GCC unroll 5
    for (size_t i = 0; i < in_rows; ++i)
#pragma GCC unroll 2
      for (size_t m = 0; m < mixes; ++m) {
        Int mixed[V::vectors];
        mix(b, i, m, mixed);
        add(sums, mixed, weights, i, m);
        if (b.planes == 2) add(sums, mixed, weights + 3 * shifts * 4 * V::width, i, m);
      }
#pragma GCC unroll 2
    for (size_t r = 0; r < rows; ++r)
#pragma GCC unroll 2
      for (size_t t = 0; t < columns; ++t) {
        Int results[V::vectors];
#pragma GCC unroll 4
        for (size_t j = 0; j < V::vectors; ++j)
          results[j] = V::requantise(sums[r][t][j], scale + j * lanes, b);
        uint8_t* to = b.out + r * b.out_line + t * b.out_pixel + b.channel;
        if (b.channel_count < V::width)
          V::store_few(to, results, b);
        else
          V::store(to, results, b);
      }
  }
};

/// The kernels of a width with the 3x3 form.
template <class V>
constexpr DepthwiseI8Width with_square() {
  DepthwiseI8Width width = depthwise_i8_width<V>;
  width.square3[0][0][0] = &DepthwiseI8Square<V, 1, 1, 1>::run;
  width.square3[0][0][1] = &DepthwiseI8Square<V, 1, 1, 2>::run;
  width.square3[0][1][0] = &DepthwiseI8Square<V, 1, 2, 1>::run;
  width.square3[0][1][1] = &DepthwiseI8Square<V, 1, 2, 2>::run;
  width.square3[1][0][0] = &DepthwiseI8Square<V, 2, 1, 1>::run;
  width.square3[1][0][1] = &DepthwiseI8Square<V, 2, 1, 2>::run;
  width.square3[1][1][0] = &DepthwiseI8Square<V, 2, 2, 1>::run;
  width.square3[1][1][1] = &DepthwiseI8Square<V, 2, 2, 2>::run;
  return width;
}

}  // namespace wherry::kernels
