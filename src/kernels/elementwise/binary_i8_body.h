// 8-bit arithmetic as templates over the vector type.
#pragma once

#include "kernels/elementwise/binary_i8_kernel.h"

namespace wherry::kernels {

template <class W, IntegerOp op>
struct BinaryI8Body {
  using Int = typename W::Int;

  /// x / 2^n, ties away from zero.
  [[gnu::always_inline]] static Int divide(Int x, int n) {
    if (n == 0) return x;
    const Int half = W::set_int(int32_t{1} << (n - 1));
    return W::shift_right(W::add_int(W::add_int(x, half), W::shift_right(x, 31)), n);
  }

  /// The multiplier applied to x * 2^20 for x of 9 bits: the product with the mantissa is made of
  /// its high 20 and low 11 bits, so that 32 bits hold each part.
  [[gnu::always_inline]] static Int operand(Int x, const IntegerMultiplier& m) {
    const Int high = W::mul_int(x, W::set_int(m.mantissa >> 11));
    const Int low = W::mul_int(x, W::set_int(m.mantissa & 0x7ff));
    const Int rounded = W::shift_right(W::add_int(low, W::set_int(1 << 10)), 11);
    return divide(W::add_int(high, rounded), m.right);
  }

  [[gnu::always_inline]] static Int apply(const BinaryI8& x, Int a, Int b) {
    a = W::sub_int(a, W::set_int(x.a_zero));
    b = W::sub_int(b, W::set_int(x.b_zero));
    Int raw;
    if constexpr (op == IntegerOp::multiply) {
      raw = W::shift_left(W::mul_int(a, b), x.y_multiplier.left);
    } else {
      a = operand(a, x.a_multiplier);
      b = operand(b, x.b_multiplier);
      raw = op == IntegerOp::add ? W::add_int(a, b) : W::sub_int(a, b);
    }
    const Int scaled =
        divide(W::high_multiply(raw, W::set_int(x.y_multiplier.mantissa)), x.y_multiplier.right);
    const Int y = W::add_int(scaled, W::set_int(x.y_zero));
    return W::min_int(W::set_int(x.high), W::max_int(W::set_int(x.low), y));
  }

  template <class A, class B>
  [[gnu::always_inline]] static void row(const BinaryI8& x, uint8_t* y, A a, B b) {
    size_t c = 0;
    for (; c + W::lanes <= x.columns; c += W::lanes)
      W::store_bytes(y + c, apply(x, a(c, 0), b(c, 0)));
    if (const size_t left = x.columns - c)
      W::store_first_bytes(y + c, apply(x, a(c, left), b(c, left)), left);
  }

  [[gnu::always_inline]] static auto vector(const uint8_t* p, bool is_signed) {
    return [p, is_signed](size_t c, size_t n) {
      return n ? W::load_first_bytes(p + c, n, is_signed) : W::load_bytes(p + c, is_signed);
    };
  }
  [[gnu::always_inline]] static auto constant(const uint8_t* p, bool is_signed) {
    const int32_t value = is_signed ? static_cast<int8_t>(*p) : *p;
    return [value](size_t, size_t) { return W::set_int(value); };
  }

  static void run(const BinaryI8& x) {
    for (size_t r = 0; r < x.rows; ++r) {
      const uint8_t* a = x.a + r * x.a_row;
      const uint8_t* b = x.b + r * x.b_row;
      uint8_t* y = x.y + r * x.columns;
      const bool s = x.is_signed;
      if (x.a_column && x.b_column)
        row(x, y, vector(a, s), vector(b, s));
      else if (x.a_column)
        row(x, y, vector(a, s), constant(b, s));
      else if (x.b_column)
        row(x, y, constant(a, s), vector(b, s));
      else
        row(x, y, constant(a, s), constant(b, s));
    }
  }
};

template <class W>
constexpr BinaryI8Kernel make_binary_i8() {
  return {{&BinaryI8Body<W, IntegerOp::add>::run, &BinaryI8Body<W, IntegerOp::subtract>::run,
           &BinaryI8Body<W, IntegerOp::multiply>::run}};
}

}  // namespace wherry::kernels
