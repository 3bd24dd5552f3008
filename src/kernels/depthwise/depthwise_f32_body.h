// The inner kernels of the float depthwise convolution as templates over the vector type.
#pragma once

#include "kernels/depthwise/depthwise_f32_kernel.h"

namespace wherry::kernels {

/// Calls step(first channel) for whole vectors; the last one may overlap the one before.
template <size_t lanes, class Step>
[[gnu::always_inline]] inline void for_each_vector(size_t begin, size_t end, Step step) {
  for (size_t c = begin; c < end; c += lanes) {
    if (c + lanes > end) c = end - lanes;
    step(c);
  }
}

/// rows x columns output pixels of a size x size kernel: every input pixel is loaded once.
template <class W, size_t size, size_t stride, size_t rows, size_t columns>
struct DepthwiseF32Unrolled {
  static constexpr size_t in_rows = (rows - 1) * stride + size;
  static constexpr size_t in_columns = (columns - 1) * stride + size;

  [[gnu::always_inline]] static void accumulate(typename W::Vec (&sums)[rows][columns],
                                                const typename W::Vec (&weights)[size * size],
                                                typename W::Vec value, size_t i, size_t j) {
#pragma GCC unroll 2
    for (size_t r = 0; r < rows; ++r) {
      const size_t ky = i - r * stride;
      if (ky >= size) continue;
#pragma GCC unroll 4
      for (size_t t = 0; t < columns; ++t) {
        const size_t kx = j - t * stride;
        if (kx < size) sums[r][t] = W::fma(value, weights[ky * size + kx], sums[r][t]);
      }
    }
  }

  [[gnu::always_inline]] static void step(const DepthwiseF32Block& b, size_t c) {
    typename W::Vec weights[size * size];
#pragma GCC unroll 25
    for (size_t k = 0; k < size * size; ++k)
      weights[k] = W::load(b.weights + k * b.weight_stride + c);
    typename W::Vec sums[rows][columns];
    const typename W::Vec bias = W::load(b.bias + c);
#pragma GCC unroll 2
    for (size_t r = 0; r < rows; ++r)
#pragma GCC unroll 4
      for (size_t t = 0; t < columns; ++t) sums[r][t] = bias;
#pragma GCC unroll 7
    for (size_t i = 0; i < in_rows; ++i)
#pragma GCC unroll 11
      for (size_t j = 0; j < in_columns; ++j)
        accumulate(sums, weights, W::load(b.pixels[i * b.pitch + j] + c), i, j);
    const typename W::Vec low = W::set(b.low), high = W::set(b.high);
#pragma GCC unroll 2
    for (size_t r = 0; r < rows; ++r)
#pragma GCC unroll 4
      for (size_t t = 0; t < columns; ++t)
        W::store(b.out + r * b.out_line + t * b.out_pixel + c,
                 W::min(high, W::max(low, sums[r][t])));
  }

  static void run(const DepthwiseF32Block& b) {
    for_each_vector<W::lanes>(b.channel_begin, b.channel_end, [&](size_t c) { step(b, c); });
  }
};

/// `columns` output pixels of a kernel of any size.
template <class W, size_t columns>
struct DepthwiseF32AnySize {
  template <class Load, class Store>
  [[gnu::always_inline]] static void step(const DepthwiseF32Block& b, size_t c, Load load,
                                          Store store) {
    typename W::Vec sums[columns];
    const typename W::Vec bias = load(b.bias + c);
#pragma GCC unroll 4
    for (size_t t = 0; t < columns; ++t) sums[t] = bias;
    const float* const* pixels = b.pixels;
    const float* weights = b.weights + c;
    for (size_t tap = 0; tap < b.taps; ++tap, pixels += b.pitch, weights += b.weight_stride) {
      const typename W::Vec weight = load(weights);
#pragma GCC unroll 4
      for (size_t t = 0; t < columns; ++t) sums[t] = W::fma(load(pixels[t] + c), weight, sums[t]);
    }
    const typename W::Vec low = W::set(b.low), high = W::set(b.high);
#pragma GCC unroll 4
    for (size_t t = 0; t < columns; ++t)
      store(b.out + t * b.out_pixel + c, W::min(high, W::max(low, sums[t])));
  }

  static void run(const DepthwiseF32Block& b) {
    for_each_vector<W::lanes>(b.channel_begin, b.channel_end,
                              [&](size_t c) { step(b, c, &W::load, &W::store); });
  }

  static void run_few_channels(const DepthwiseF32Block& b) {
    const size_t n = b.channel_end - b.channel_begin;
    step(
        b, b.channel_begin, [n](const float* p) { return W::load_first(p, n); },
        [n](float* p, typename W::Vec x) { W::store_first(p, x, n); });
  }
};

template <class W, size_t size, size_t stride, size_t rows>
constexpr void fill_unrolled(DepthwiseF32Kernel::Run* (&to)[max_block_columns]) {
  to[0] = &DepthwiseF32Unrolled<W, size, stride, rows, 1>::run;
  to[1] = &DepthwiseF32Unrolled<W, size, stride, rows, 2>::run;
  to[2] = &DepthwiseF32Unrolled<W, size, stride, rows, 3>::run;
  to[3] = &DepthwiseF32Unrolled<W, size, stride, rows, 4>::run;
}

template <class W, size_t rows>
constexpr DepthwiseF32Kernel make_depthwise_f32() {
  DepthwiseF32Kernel kernel{};
  kernel.lanes = W::lanes;
  kernel.rows = rows;
  fill_unrolled<W, 3, 1, 1>(kernel.unrolled[0][0]);
  fill_unrolled<W, 3, 2, 1>(kernel.unrolled[1][0]);
  fill_unrolled<W, 5, 1, 1>(kernel.unrolled[2][0]);
  fill_unrolled<W, 5, 2, 1>(kernel.unrolled[3][0]);
  if constexpr (rows == 2) {
    fill_unrolled<W, 3, 1, 2>(kernel.unrolled[0][1]);
    fill_unrolled<W, 3, 2, 2>(kernel.unrolled[1][1]);
    fill_unrolled<W, 5, 1, 2>(kernel.unrolled[2][1]);
    fill_unrolled<W, 5, 2, 2>(kernel.unrolled[3][1]);
  }
  DepthwiseF32Kernel::Run* const any_size[] = {
      &DepthwiseF32AnySize<W, 1>::run, &DepthwiseF32AnySize<W, 2>::run,
      &DepthwiseF32AnySize<W, 3>::run, &DepthwiseF32AnySize<W, 4>::run};
  DepthwiseF32Kernel::Run* const few_channels[] = {
      &DepthwiseF32AnySize<W, 1>::run_few_channels, &DepthwiseF32AnySize<W, 2>::run_few_channels,
      &DepthwiseF32AnySize<W, 3>::run_few_channels, &DepthwiseF32AnySize<W, 4>::run_few_channels};
  for (size_t i = 0; i < max_block_columns; ++i) {
    kernel.any_size[i] = any_size[i];
    kernel.few_channels[i] = few_channels[i];
  }
  return kernel;
}

}  // namespace wherry::kernels
