// Bilinear interpolation as templates over the vector type.
#pragma once

#include "kernels/resize/resize_kernel.h"

namespace wherry::kernels {

template <class W>
struct ResizeBody {
  using Vec = typename W::Vec;
  using Int = typename W::Int;

  /// Calls mix(pointers of the four neighbours, output, elements of a partial vector or 0).
  template <class T, class Part, class Mix>
  [[gnu::always_inline]] static void for_vectors(const ResizeLine<T, Part>& line, Mix mix) {
    T* y = line.y;
    for (size_t x = 0; x < line.width; ++x, y += line.channels) {
      const ResizeColumn<Part>& column = line.columns[x];
      for (size_t c = 0; c < line.channels; c += W::lanes) {
        const size_t left = line.channels - c;
        const T* const from[] = {line.above + column.left + c, line.below + column.left + c,
                                 line.above + column.right + c, line.below + column.right + c};
        mix(from, column.part, y + c, left < W::lanes ? left : 0);
      }
    }
  }

  /// Multiplied one after the other, in this order: the same numbers on every processor.
  [[gnu::always_inline]] static Vec mean(const Vec* values, float y, float x) {
    const Vec down = W::set(y), up = W::set(1 - y), right = W::set(x), left = W::set(1 - x);
    const Vec above_left = W::mul(W::mul(values[0], up), left);
    const Vec below_left = W::mul(W::mul(values[1], down), left);
    const Vec above_right = W::mul(W::mul(values[2], up), right);
    const Vec below_right = W::mul(W::mul(values[3], down), right);
    return W::add(W::add(W::add(above_left, below_left), above_right), below_right);
  }

  static void f32(const ResizeLine<float, float>& line) {
    for_vectors(line, [&](const float* const* from, float part, float* y, size_t n) {
      Vec values[4];
      for (size_t i = 0; i < 4; ++i) values[i] = n ? W::load_first(from[i], n) : W::load(from[i]);
      const Vec result = mean(values, line.part, part);
      n ? W::store_first(y, result, n) : W::store(y, result);
    });
  }

  static void u8(const ResizeLine<uint8_t, float>& line) {
    for_vectors(line, [&](const uint8_t* const* from, float part, uint8_t* y, size_t n) {
      Vec values[4];
      for (size_t i = 0; i < 4; ++i)
        values[i] =
            W::to_float(n ? W::load_first_bytes(from[i], n, false) : W::load_bytes(from[i], false));
      // The largest float below one half: adding one half itself would carry 0.49999997 to 1.
      const Vec moved = W::add(mean(values, line.part, part), W::set(0.49999997f));
      const Int result = W::min_int(W::set_int(255), W::max_int(W::set_int(0), W::truncate(moved)));
      n ? W::store_first_bytes(y, result, n) : W::store_bytes(y, result);
    });
  }

  static void i8(const ResizeLine<int8_t, int32_t>& line) {
    for_vectors(line, [&](const int8_t* const* from, int32_t x, int8_t* y, size_t n) {
      const int32_t weights[] = {(1024 - line.part) * (1024 - x), line.part * (1024 - x),
                                 (1024 - line.part) * x, line.part * x};
      Int sum = W::set_int(0);
      for (size_t i = 0; i < 4; ++i) {
        const auto* bytes = reinterpret_cast<const uint8_t*>(from[i]);
        const Int value = n ? W::load_first_bytes(bytes, n, true) : W::load_bytes(bytes, true);
        sum = W::add_int(sum, W::mul_int(value, W::set_int(weights[i])));
      }
      const Int half = W::add_int(W::set_int(1 << 19), W::shift_right(sum, 31));
      const Int result = W::shift_right(W::add_int(sum, half), 20);
      n ? W::store_first_bytes(y, result, n) : W::store_bytes(y, result);
    });
  }
};

template <class W>
constexpr ResizeKernel make_resize() {
  return {&ResizeBody<W>::f32, &ResizeBody<W>::u8, &ResizeBody<W>::i8};
}

}  // namespace wherry::kernels
