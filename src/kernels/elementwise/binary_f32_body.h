// Float arithmetic with broadcasting as templates over the vector type.
#pragma once

#include "kernels/elementwise/binary_f32_kernel.h"

namespace wherry::kernels {

template <class W, BinaryOp op>
struct BinaryF32Body {
  using Vec = typename W::Vec;

  [[gnu::always_inline]] static Vec apply(Vec a, Vec b) {
    if constexpr (op == BinaryOp::add) return W::add(a, b);
    if constexpr (op == BinaryOp::subtract) return W::sub(a, b);
    if constexpr (op == BinaryOp::multiply) return W::mul(a, b);
    if constexpr (op == BinaryOp::divide) return W::div(a, b);
    if constexpr (op == BinaryOp::maximum) return W::max(a, b);
    if constexpr (op == BinaryOp::minimum) return W::min(a, b);
    if constexpr (op == BinaryOp::squared_difference) {
      const Vec difference = W::sub(a, b);
      return W::mul(difference, difference);
    }
    if constexpr (op == BinaryOp::prelu) return W::if_not_negative(a, a, W::mul(a, b));
  }

  /// Any is a callable (index, count of a partial vector or 0 for a whole one) -> Vec.
  template <class A, class B>
  [[gnu::always_inline]] static void row(const BinaryF32& x, float* y, A a, B b) {
    const Vec low = W::set(x.low), high = W::set(x.high);
    size_t c = 0;
    for (; c + W::lanes <= x.columns; c += W::lanes)
      W::store(y + c, W::min(high, W::max(low, apply(a(c, 0), b(c, 0)))));
    if (const size_t left = x.columns - c)
      W::store_first(y + c, W::min(high, W::max(low, apply(a(c, left), b(c, left)))), left);
  }

  [[gnu::always_inline]] static auto vector(const float* p) {
    return [p](size_t c, size_t n) { return n ? W::load_first(p + c, n) : W::load(p + c); };
  }
  [[gnu::always_inline]] static auto constant(const float* p) {
    return [value = W::set(*p)](size_t, size_t) { return value; };
  }

  static void run(const BinaryF32& x) {
    for (size_t r = 0; r < x.rows; ++r) {
      const float* a = x.a + r * x.a_row;
      const float* b = x.b + r * x.b_row;
      float* y = x.y + r * x.columns;
      if (x.a_column && x.b_column)
        row(x, y, vector(a), vector(b));
      else if (x.a_column)
        row(x, y, vector(a), constant(b));
      else if (x.b_column)
        row(x, y, constant(a), vector(b));
      else
        row(x, y, constant(a), constant(b));
    }
  }
};

template <class W>
constexpr BinaryF32Kernel make_binary_f32() {
  return {{&BinaryF32Body<W, BinaryOp::add>::run, &BinaryF32Body<W, BinaryOp::subtract>::run,
           &BinaryF32Body<W, BinaryOp::multiply>::run, &BinaryF32Body<W, BinaryOp::divide>::run,
           &BinaryF32Body<W, BinaryOp::maximum>::run, &BinaryF32Body<W, BinaryOp::minimum>::run,
           &BinaryF32Body<W, BinaryOp::squared_difference>::run,
           &BinaryF32Body<W, BinaryOp::prelu>::run}};
}

}  // namespace wherry::kernels
