// Quantisation as templates over the vector type.
#pragma once

#include "kernels/quantize/quantize_kernel.h"

namespace wherry::kernels {

template <class W>
struct QuantizeBody {
  using Vec = typename W::Vec;
  using Int = typename W::Int;

  /// Calls step(i, 0) for whole vectors and step(i, n) for a last one of n elements.
  template <class Step>
  [[gnu::always_inline]] static void for_each(size_t count, Step step) {
    size_t i = 0;
    for (; i + W::lanes <= count; i += W::lanes) step(i, size_t{0});
    if (i < count) step(i, count - i);
  }

  [[gnu::always_inline]] static Int quantized(const QuantizeF32& q, size_t i, size_t n) {
    const Vec x = n ? W::load_first(q.x + i, n) : W::load(q.x + i), scale = W::set(q.scale);
    Vec y = q.multiply ? W::mul(x, scale) : W::div(x, scale);
    // Far beyond every stored type, so that the conversion cannot overflow.
    y = W::min(W::set(1e6f), W::max(W::set(-1e6f), y));
    // The largest float below one half: adding one half itself would carry 0.49999997 to 1.
    const Vec moved = W::add(y, W::copy_sign(W::set(0.49999997f), y));
    const Int rounded = W::add_int(W::truncate(moved), W::set_int(q.zero_point));
    return W::min_int(W::set_int(q.high), W::max_int(W::set_int(q.low), rounded));
  }

  static void to_bytes(const QuantizeF32& given) {
    const QuantizeF32 q = given;  // a copy, which stores of bytes cannot change
    auto* y = static_cast<uint8_t*>(q.y);
    for_each(q.count, [&](size_t i, size_t n) {
      if (n)
        W::store_first_bytes(y + i, quantized(q, i, n), n);
      else
        W::store_bytes(y + i, quantized(q, i, 0));
    });
  }

  static void to_words(const QuantizeF32& q) {
    auto* y = static_cast<int16_t*>(q.y);
    for_each(q.count, [&](size_t i, size_t n) {
      if (n)
        W::store_first_words(y + i, quantized(q, i, n), n);
      else
        W::store_words(y + i, quantized(q, i, 0));
    });
  }

  [[gnu::always_inline]] static void put(const DequantizeF32& d, size_t i, size_t n, Int x) {
    const Vec y = W::mul(W::to_float(W::sub_int(x, W::set_int(d.zero_point))), W::set(d.scale));
    if (n)
      W::store_first(d.y + i, y, n);
    else
      W::store(d.y + i, y);
  }

  static void from_bytes(const DequantizeF32& d) {
    const auto* x = static_cast<const uint8_t*>(d.x);
    for_each(d.count, [&](size_t i, size_t n) {
      put(d, i, n,
          n ? W::load_first_bytes(x + i, n, d.is_signed) : W::load_bytes(x + i, d.is_signed));
    });
  }

  static void from_words(const DequantizeF32& d) {
    const auto* x = static_cast<const int16_t*>(d.x);
    for_each(d.count, [&](size_t i, size_t n) {
      put(d, i, n, n ? W::load_first_words(x + i, n) : W::load_words(x + i));
    });
  }

  static void from_halves(const uint16_t* x, float* y, size_t count) {
    for_each(count, [&](size_t i, size_t n) {
      if (n)
        W::store_first(y + i, W::load_first_halves(x + i, n), n);
      else
        W::store(y + i, W::load_halves(x + i));
    });
  }

  static RangeF32 range(const float* x, size_t count) {
    // Operands in this order: what is not a number does not count.
    Vec low = W::zero(), high = W::zero();
    for_each(count, [&](size_t i, size_t n) {
      const Vec value = n ? W::load_first(x + i, n) : W::load(x + i);
      low = W::min(value, low);
      high = W::max(value, high);
    });
    return {-W::max_of(W::sub(W::zero(), low)), W::max_of(high)};
  }
};

template <class W>
constexpr QuantizeKernel make_quantize() {
  return {.to_bytes = &QuantizeBody<W>::to_bytes,
          .to_words = &QuantizeBody<W>::to_words,
          .from_bytes = &QuantizeBody<W>::from_bytes,
          .from_words = &QuantizeBody<W>::from_words,
          .from_halves = &QuantizeBody<W>::from_halves,
          .range = &QuantizeBody<W>::range};
}

}  // namespace wherry::kernels
