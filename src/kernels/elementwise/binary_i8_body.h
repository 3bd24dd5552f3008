// 8-bit arithmetic as templates over the vector type.
#pragma once

#include "kernels/elementwise/binary_i8_kernel.h"

namespace wherry::kernels {

template <class W, IntegerOp op, bool is_signed>
struct BinaryI8Body {
  using Int = typename W::Int;
  using Vec = typename W::Vec;

  [[gnu::always_inline]] static Int apply(const BinaryI8& x, Int a, Int b) {
    Int y;
    if constexpr (op == IntegerOp::multiply) {
      const Int product =
          W::mul_int(W::sub_int(a, W::set_int(x.a_zero)), W::sub_int(b, W::set_int(x.b_zero)));
      const Vec scaled = W::mul(W::to_float(product), W::set(x.scale));
      // Far beyond every byte, so that the conversion cannot overflow.
      y = W::to_int(W::min(W::set(1e6f), W::max(W::set(-1e6f), scaled)));
    } else {
      const Int scaled_a = W::mul_int(a, W::set_int(x.a_factor));
      const Int scaled_b = W::mul_int(b, W::set_int(x.b_factor));
      y = W::shift_right(W::add_int(W::add_int(scaled_a, W::set_int(x.bias)), scaled_b), x.shift);
    }
    y = W::add_int(y, W::set_int(x.y_zero));
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

  [[gnu::always_inline]] static auto vector(const uint8_t* p) {
    return [p](size_t c, size_t n) {
      return n ? W::load_first_bytes(p + c, n, is_signed) : W::load_bytes(p + c, is_signed);
    };
  }
  [[gnu::always_inline]] static auto constant(const uint8_t* p) {
    const int32_t value = is_signed ? static_cast<int8_t>(*p) : *p;
    return [value](size_t, size_t) { return W::set_int(value); };
  }

  static void run(const BinaryI8& given) {
    const BinaryI8 x = given;  // a copy, which stores of bytes cannot change
    for (size_t r = 0; r < x.rows; ++r) {
      const uint8_t* a = x.a + r * x.a_row;
      const uint8_t* b = x.b + r * x.b_row;
      uint8_t* y = x.y + r * x.columns;
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

template <class W, IntegerOp op>
void binary_i8_of(const BinaryI8& x) {
  x.is_signed ? BinaryI8Body<W, op, true>::run(x) : BinaryI8Body<W, op, false>::run(x);
}

template <class W>
constexpr BinaryI8Kernel make_binary_i8() {
  return {{&binary_i8_of<W, IntegerOp::sum>, &binary_i8_of<W, IntegerOp::multiply>}};
}

}  // namespace wherry::kernels
