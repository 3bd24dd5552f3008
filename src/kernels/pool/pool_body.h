// Pooling of one output pixel as templates over the vector type.
#pragma once

#include "kernels/pool/pool_kernel.h"

namespace wherry::kernels {

template <class W>
struct PoolBody {
  using Vec = typename W::Vec;
  using Int = typename W::Int;

  /// finish(combine(...combine(tap 0, tap 1)...)) for every channel.
  template <class Combine, class Finish>
  [[gnu::always_inline]] static void floats(const PoolF32Pixel& pixel, Combine combine,
                                            Finish finish) {
    const Vec low = W::set(pixel.low), high = W::set(pixel.high);
    size_t c = 0;
    for (; c + W::lanes <= pixel.channels; c += W::lanes) {
      Vec sum = W::load(pixel.taps[0] + c);
      for (size_t t = 1; t < pixel.tap_count; ++t) sum = combine(sum, W::load(pixel.taps[t] + c));
      W::store(pixel.y + c, W::min(high, W::max(low, finish(sum))));
    }
    if (const size_t left = pixel.channels - c) {
      Vec sum = W::load_first(pixel.taps[0] + c, left);
      for (size_t t = 1; t < pixel.tap_count; ++t)
        sum = combine(sum, W::load_first(pixel.taps[t] + c, left));
      W::store_first(pixel.y + c, W::min(high, W::max(low, finish(sum))), left);
    }
  }

  static void maximum_f32(const PoolF32Pixel& pixel) {
    floats(
        pixel, [](Vec a, Vec b) { return W::max(b, a); }, [](Vec x) { return x; });
  }
  static void average_f32(const PoolF32Pixel& pixel) {
    const Vec count = W::set(static_cast<float>(pixel.tap_count));
    floats(
        pixel, [](Vec a, Vec b) { return W::add(a, b); },
        [count](Vec x) { return W::div(x, count); });
  }

  template <class Combine, class Finish>
  [[gnu::always_inline]] static void bytes(const PoolI8Pixel& pixel, Combine combine,
                                           Finish finish) {
    const Int low = W::set_int(pixel.low), high = W::set_int(pixel.high);
    const bool s = pixel.is_signed;
    size_t c = 0;
    for (; c + W::lanes <= pixel.channels; c += W::lanes) {
      Int sum = W::load_bytes(pixel.taps[0] + c, s);
      for (size_t t = 1; t < pixel.tap_count; ++t)
        sum = combine(sum, W::load_bytes(pixel.taps[t] + c, s));
      W::store_bytes(pixel.y + c, W::min_int(high, W::max_int(low, finish(sum))));
    }
    if (const size_t left = pixel.channels - c) {
      Int sum = W::load_first_bytes(pixel.taps[0] + c, left, s);
      for (size_t t = 1; t < pixel.tap_count; ++t)
        sum = combine(sum, W::load_first_bytes(pixel.taps[t] + c, left, s));
      W::store_first_bytes(pixel.y + c, W::min_int(high, W::max_int(low, finish(sum))), left);
    }
  }

  static void maximum_i8(const PoolI8Pixel& pixel) {
    bytes(
        pixel, [](Int a, Int b) { return W::max_int(a, b); }, [](Int x) { return x; });
  }
  static void average_i8(const PoolI8Pixel& pixel) {
    const Vec count = W::set(static_cast<float>(pixel.tap_count));
    const Vec half = W::set(static_cast<float>(pixel.tap_count / 2));
    bytes(
        pixel, [](Int a, Int b) { return W::add_int(a, b); },
        [count, half](Int x) {
          const Vec sum = W::to_float(x);
          return W::truncate(W::div(W::add(sum, W::copy_sign(half, sum)), count));
        });
  }
};

template <class W>
constexpr PoolKernel make_pool() {
  return {.maximum_f32 = &PoolBody<W>::maximum_f32,
          .average_f32 = &PoolBody<W>::average_f32,
          .maximum_i8 = &PoolBody<W>::maximum_i8,
          .average_i8 = &PoolBody<W>::average_i8};
}

}  // namespace wherry::kernels
