// Bilinear interpolation as templates over the vector type. No fused multiply-add: bytes must be
// the same on every processor.
#pragma once

#include "kernels/resize/resize_kernel.h"

namespace wherry::kernels {

template <class W>
struct ResizeBody {
  using Vec = typename W::Vec;
  using Int = typename W::Int;

  [[gnu::always_inline]] static Vec between(Vec a, Vec b, Vec part) {
    return W::add(a, W::mul(W::sub(b, a), part));
  }

  /// As floats; n: elements of a partial vector, or 0.
  [[gnu::always_inline]] static Vec load(const float* p, size_t n) {
    return n ? W::load_first(p, n) : W::load(p);
  }
  [[gnu::always_inline]] static Vec load(const uint8_t* p, size_t n) {
    return W::to_float(n ? W::load_first_bytes(p, n, false) : W::load_bytes(p, false));
  }
  [[gnu::always_inline]] static Vec load(const int8_t* p, size_t n) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(p);
    return W::to_float(n ? W::load_first_bytes(bytes, n, true) : W::load_bytes(bytes, true));
  }

  [[gnu::always_inline]] static void store(float* p, Vec x, size_t n) {
    n ? W::store_first(p, x, n) : W::store(p, x);
  }
  template <class Byte>
  [[gnu::always_inline]] static void store(Byte* p, Vec x, size_t n) {
    // The largest float below one half: adding one half itself would carry 0.49999997 to 1.
    const Int rounded = W::truncate(W::add(x, W::copy_sign(W::set(0.49999997f), x)));
    n ? W::store_first_bytes(p, rounded, n) : W::store_bytes(p, rounded);
  }

  template <class T>
  static void blend(const ResizeBlend<T>& b) {
    const Vec part = W::set(b.part);
    for (size_t i = 0; i < b.count; i += W::lanes) {
      const size_t left = b.count - i, n = left < W::lanes ? left : 0;
      store(b.y + i, between(load(b.above + i, n), load(b.below + i, n), part), n);
    }
  }

  template <class T>
  static void spread(const ResizeSpread<T>& s) {
    const size_t whole = s.channels / W::lanes * W::lanes, rest = s.channels - whole;
    T* y = s.y;
    for (size_t x = 0; x < s.width; ++x, y += s.channels) {
      const float* left = s.line + s.columns[x].left;
      const float* right = s.line + s.columns[x].right;
      const Vec part = W::set(s.columns[x].part);
      for (size_t c = 0; c < whole; c += W::lanes)
        store(y + c, between(W::load(left + c), W::load(right + c), part), 0);
      if (rest)
        store(y + whole, between(load(left + whole, rest), load(right + whole, rest), part), rest);
    }
  }
};

template <class W>
constexpr ResizeKernel make_resize() {
  using Body = ResizeBody<W>;
  return {&Body::template blend<float>,    &Body::template blend<uint8_t>,
          &Body::template blend<int8_t>,   &Body::template spread<float>,
          &Body::template spread<uint8_t>, &Body::template spread<int8_t>};
}

}  // namespace wherry::kernels
