// Reductions as templates over the vector type.
#pragma once

#include "kernels/reduce/reduce_kernel.h"

namespace wherry::kernels {

template <class W>
struct ReduceBody {
  using Vec = typename W::Vec;
  using Int = typename W::Int;

  template <Reduction reduction>
  [[gnu::always_inline]] static Vec combine(Vec a, Vec b) {
    if constexpr (reduction == Reduction::sum) return W::add(a, b);
    if constexpr (reduction == Reduction::maximum) return W::max(b, a);
    return W::min(b, a);
  }

  /// Four running values, so that an addition need not wait for the one before.
  template <Reduction reduction, class Load>
  [[gnu::always_inline]] static Vec down(size_t rows, size_t stride, const float* x, Load load) {
    Vec a = load(x);
    if (rows < 4) {
      for (size_t r = 1; r < rows; ++r) a = combine<reduction>(a, load(x + r * stride));
      return a;
    }
    Vec b = load(x + stride), c = load(x + 2 * stride), d = load(x + 3 * stride);
    size_t r = 4;
    for (; r + 4 <= rows; r += 4) {
      a = combine<reduction>(a, load(x + r * stride));
      b = combine<reduction>(b, load(x + (r + 1) * stride));
      c = combine<reduction>(c, load(x + (r + 2) * stride));
      d = combine<reduction>(d, load(x + (r + 3) * stride));
    }
    for (; r < rows; ++r) a = combine<reduction>(a, load(x + r * stride));
    return combine<reduction>(combine<reduction>(a, b), combine<reduction>(c, d));
  }

  template <Reduction reduction>
  static void over_rows(const ReduceF32& m) {
    const Vec scale = W::set(reduction == Reduction::sum ? m.scale : 1.0f);
    size_t c = 0;
    for (; c + W::lanes <= m.columns; c += W::lanes)
      W::store(m.y + c, W::mul(scale, down<reduction>(m.rows, m.columns, m.x + c, &W::load)));
    if (const size_t left = m.columns - c) {
      const auto load = [left](const float* p) { return W::load_first(p, left); };
      W::store_first(m.y + c, W::mul(scale, down<reduction>(m.rows, m.columns, m.x + c, load)),
                     left);
    }
  }

  template <Reduction reduction>
  [[gnu::always_inline]] static float across(const float* x, size_t n) {
    // Lanes beyond the row hold what changes nothing: 0 for sums, an element for extremes.
    const Vec nothing = W::set(reduction == Reduction::sum ? 0.0f : x[0]);
    const size_t whole = n / W::lanes;
    Vec all = whole ? down<reduction>(whole, W::lanes, x, &W::load) : nothing;
    if (const size_t left = n % W::lanes)
      all = combine<reduction>(all, W::load_first_or(x + n - left, left, nothing));
    if constexpr (reduction == Reduction::sum) return W::sum(all);
    if constexpr (reduction == Reduction::maximum) return W::max_of(all);
    return -W::max_of(W::sub(W::set(-0.0f), all));
  }

  template <Reduction reduction>
  static void over_columns(const ReduceF32& m) {
    const float scale = reduction == Reduction::sum ? m.scale : 1.0f;
    for (size_t r = 0; r < m.rows; ++r)
      m.y[r] = scale * across<reduction>(m.x + r * m.columns, m.columns);
  }

  static void over_rows_f32(const ReduceF32& m) {
    if (m.reduction == Reduction::sum) return over_rows<Reduction::sum>(m);
    if (m.reduction == Reduction::maximum) return over_rows<Reduction::maximum>(m);
    over_rows<Reduction::minimum>(m);
  }
  static void over_columns_f32(const ReduceF32& m) {
    if (m.reduction == Reduction::sum) return over_columns<Reduction::sum>(m);
    if (m.reduction == Reduction::maximum) return over_columns<Reduction::maximum>(m);
    over_columns<Reduction::minimum>(m);
  }

  static void over_rows_i8(const SumI8& m) {
    const bool s = m.is_signed;
    size_t c = 0;
    for (; c + W::lanes <= m.columns; c += W::lanes) {
      Int sum = W::set_int(0);
      for (size_t r = 0; r < m.rows; ++r)
        sum = W::add_int(sum, W::load_bytes(m.x + r * m.columns + c, s));
      W::store_int(m.y + c, sum);
    }
    if (const size_t left = m.columns - c) {
      Int sum = W::set_int(0);
      for (size_t r = 0; r < m.rows; ++r)
        sum = W::add_int(sum, W::load_first_bytes(m.x + r * m.columns + c, left, s));
      W::store_first_int(m.y + c, sum, left);
    }
  }

  static void over_columns_i8(const SumI8& m) {
    const bool s = m.is_signed;
    for (size_t r = 0; r < m.rows; ++r) {
      const uint8_t* x = m.x + r * m.columns;
      Int sum = W::set_int(0);
      size_t c = 0;
      for (; c + W::lanes <= m.columns; c += W::lanes)
        sum = W::add_int(sum, W::load_bytes(x + c, s));
      if (const size_t left = m.columns - c)
        sum = W::add_int(sum, W::load_first_bytes(x + c, left, s));
      m.y[r] = W::sum_int(sum);
    }
  }
};

template <class W>
constexpr ReduceKernel make_reduce() {
  return {.over_rows_f32 = &ReduceBody<W>::over_rows_f32,
          .over_columns_f32 = &ReduceBody<W>::over_columns_f32,
          .over_rows_i8 = &ReduceBody<W>::over_rows_i8,
          .over_columns_i8 = &ReduceBody<W>::over_columns_i8};
}

}  // namespace wherry::kernels
