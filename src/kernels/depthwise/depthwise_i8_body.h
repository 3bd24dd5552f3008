// The inner kernel of the 8-bit depthwise convolution as a template over the kind of vector.
#pragma once

#include "kernels/depthwise/depthwise_i8_kernel.h"

namespace wherry::kernels {

/// `V` has: width, vectors, taps; Raw load(p, is_signed) and load_few(p, n, is_signed);
/// Int interleave<j>(raws), dot, load_int; Int requantise(sum, scales, block);
/// store(p, results, block) and store_few(p, results, block).
template <class V, size_t columns, bool few>
struct DepthwiseI8Body {
  using Int = typename V::Int;

  [[gnu::always_inline]] static typename V::Raw load(const DepthwiseI8Block& b, size_t tap,
                                                     size_t t) {
    const uint8_t* p = b.pixels[b.tap_index[tap] + t * b.column_step] + b.channel;
    if constexpr (few)
      return V::load_few(p, b.channel_count, b.is_signed);
    else
      return V::load(p, b.is_signed);
  }

  static void run(const DepthwiseI8Block& given) {
    const DepthwiseI8Block b = given;  // a copy, which stores of bytes cannot change
    const auto* start = reinterpret_cast<const int32_t*>(b.packed);
    const auto* scale = reinterpret_cast<const float*>(b.packed) + V::width;
    const uint8_t* weights = b.packed + 8 * V::width;
    constexpr size_t lanes = V::width / V::vectors;
    Int sums[columns][V::vectors];
#pragma GCC unroll 4
    for (size_t t = 0; t < columns; ++t)
#pragma GCC unroll 4
      for (size_t j = 0; j < V::vectors; ++j) sums[t][j] = V::load_int(start + j * lanes);
    for (size_t g = 0; g < b.groups; ++g, weights += 4 * V::width) {
      Int weight[V::vectors];
#pragma GCC unroll 4
      for (size_t j = 0; j < V::vectors; ++j) weight[j] = V::load_int(weights + 4 * lanes * j);
#pragma GCC unroll 4
      for (size_t t = 0; t < columns; ++t) {
        typename V::Raw raws[V::taps];
#pragma GCC unroll 4
        for (size_t k = 0; k < V::taps; ++k) raws[k] = load(b, g * V::taps + k, t);
        Int mixed[V::vectors];
        V::interleave(raws, mixed);
#pragma GCC unroll 4
        for (size_t j = 0; j < V::vectors; ++j)
          sums[t][j] = V::dot(sums[t][j], mixed[j], weight[j]);
      }
    }
#pragma GCC unroll 4
    for (size_t t = 0; t < columns; ++t) {
      Int results[V::vectors];
#pragma GCC unroll 4
      for (size_t j = 0; j < V::vectors; ++j)
        results[j] = V::requantise(sums[t][j], scale + j * lanes, b);
      uint8_t* to = b.out + t * b.out_pixel + b.channel;
      if constexpr (few)
        V::store_few(to, results, b);
      else
        V::store(to, results, b);
    }
  }
};

template <class V>
constexpr DepthwiseI8Width depthwise_i8_width = {
    .channels = V::width,
    .run = {&DepthwiseI8Body<V, 1, false>::run, &DepthwiseI8Body<V, 2, false>::run,
            &DepthwiseI8Body<V, 3, false>::run, &DepthwiseI8Body<V, 4, false>::run},
    .few = {&DepthwiseI8Body<V, 1, true>::run, &DepthwiseI8Body<V, 2, true>::run,
            &DepthwiseI8Body<V, 3, true>::run, &DepthwiseI8Body<V, 4, true>::run}};

}  // namespace wherry::kernels
