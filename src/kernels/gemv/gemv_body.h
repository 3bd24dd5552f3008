// Products with one vector as templates over the vector type: four rows at a time share what is
// loaded of x. Pairs knows how bytes are multiplied: load(p), load_first(p, n), dot(sums, a, b).
#pragma once

#include "kernels/gemv/gemv_kernel.h"

namespace wherry::kernels {

template <class W, class Pairs>
struct GemvBody {
  using Vec = typename W::Vec;
  using Int = typename W::Int;
  static constexpr size_t together = 4;

  [[gnu::always_inline]] static float start_of(const GemvF32& g, size_t r) {
    return g.start ? g.start[r] : 0.0f;
  }

  template <size_t count>
  [[gnu::always_inline]] static void rows_f32(const GemvF32& g, size_t r) {
    Vec sums[count];
    for (size_t i = 0; i < count; ++i) sums[i] = W::zero();
    const float* row = g.matrix + r * g.columns;
    size_t c = 0;
    for (; c + W::lanes <= g.columns; c += W::lanes) {
      const Vec x = W::load(g.x + c);
      for (size_t i = 0; i < count; ++i)
        sums[i] = W::fma(W::load(row + i * g.columns + c), x, sums[i]);
    }
    if (const size_t left = g.columns - c) {
      const Vec x = W::load_first(g.x + c, left);
      for (size_t i = 0; i < count; ++i)
        sums[i] = W::fma(W::load_first(row + i * g.columns + c, left), x, sums[i]);
    }
    for (size_t i = 0; i < count; ++i) {
      const float sum = start_of(g, r + i) + W::sum(sums[i]);
      const float above = sum > g.low ? sum : sum != sum ? sum : g.low;
      g.y[r + i] = above > g.high ? g.high : above;
    }
  }

  static void f32(const GemvF32& g) {
    size_t r = 0;
    for (; r + together <= g.rows; r += together) rows_f32<together>(g, r);
    for (; r < g.rows; ++r) rows_f32<1>(g, r);
  }

  template <size_t count>
  [[gnu::always_inline]] static void rows_i8(const GemvI8& g, size_t r) {
    Int sums[count];
    for (size_t i = 0; i < count; ++i) sums[i] = W::set_int(0);
    const int8_t* row = g.matrix + r * g.columns;
    size_t c = 0;
    for (; c + Pairs::bytes <= g.columns; c += Pairs::bytes) {
      const auto x = Pairs::load(g.x + c);
      for (size_t i = 0; i < count; ++i)
        sums[i] = Pairs::dot(sums[i], Pairs::load(row + i * g.columns + c), x);
    }
    if (const size_t left = g.columns - c) {
      const auto x = Pairs::load_first(g.x + c, left);
      for (size_t i = 0; i < count; ++i)
        sums[i] = Pairs::dot(sums[i], Pairs::load_first(row + i * g.columns + c, left), x);
    }
    for (size_t i = 0; i < count; ++i)
      g.y[r + i] = static_cast<int32_t>(static_cast<uint32_t>(g.start[r + i]) +
                                        static_cast<uint32_t>(W::sum_int(sums[i])));
  }

  static void i8(const GemvI8& g) {
    size_t r = 0;
    for (; r + together <= g.rows; r += together) rows_i8<together>(g, r);
    for (; r < g.rows; ++r) rows_i8<1>(g, r);
  }
};

template <class W, class Pairs>
constexpr GemvKernel make_gemv() {
  return {&GemvBody<W, Pairs>::f32, &GemvBody<W, Pairs>::i8};
}

}  // namespace wherry::kernels
