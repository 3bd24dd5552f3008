// Fixed-point gates as templates over a vector of 16-bit words. Words knows lanes, load, store (of
// the first n), set, wrapping add and sub, saturating adds, times (rounded high half of 2ab),
// and_words, shift_right (arithmetic), and where_equal / where_greater (a, b, then, else).
#pragma once

#include "kernels/gates/gates_kernel.h"

namespace wherry::kernels {

template <class W>
struct GatesBody {
  using Word = typename W::Word;

  /// A constant given with 31 - n fraction bits, rounded to 15 - n.
  static constexpr int16_t rounded(int32_t raw) {
    const int64_t half = raw >= 0 ? 1 << 15 : -(1 << 15);
    return static_cast<int16_t>((int64_t{raw} + half) / (1 << 16));
  }

  /// x / 2^n, ties away from zero.
  [[gnu::always_inline]] static Word divide(Word x, int n) {
    const int mask = (1 << n) - 1;
    const Word threshold = W::sub(W::set(static_cast<int16_t>(mask >> 1)), W::shift_right(x, 15));
    const Word rest = W::and_words(x, W::set(static_cast<int16_t>(mask)));
    return W::add(W::shift_right(x, n), W::where_greater(rest, threshold, W::set(1), W::set(0)));
  }
  /// x * 2^n, saturated.
  [[gnu::always_inline]] static Word grow(Word x, int n) {
    for (int i = 0; i < n; ++i) x = W::adds(x, x);
    return x;
  }

  /// exp(a) for a in [-1/4, 0): the series around -1/8.
  [[gnu::always_inline]] static Word exp_of_small(Word a) {
    const Word at_eighth = W::set(rounded(1895147668)), third = W::set(rounded(715827883));
    const Word x = W::add(a, W::set(1 << 12));
    const Word x2 = W::times(x, x), x3 = W::times(x2, x), x4 = W::times(x2, x2);
    const Word cubic = W::times(W::add(divide(x4, 2), x3), third);
    const Word tail = divide(W::add(cubic, x2), 1);
    return W::adds(at_eighth, W::times(at_eighth, W::add(x, tail)));
  }

  /// exp(a) for a <= 0.
  [[gnu::always_inline]] static Word exp_of_negative(Word a, int integer_bits) {
    constexpr int16_t factors[] = {rounded(1672461947), rounded(1302514674), rounded(790015084),
                                   rounded(290630308),  rounded(39332535),   rounded(720401),
                                   rounded(242)};
    const int fraction_bits = 15 - integer_bits;
    const auto quarter = static_cast<int16_t>(1 << (fraction_bits - 2));
    const Word inside = W::and_words(a, W::set(static_cast<int16_t>(quarter - 1)));
    const Word small = W::sub(inside, W::set(quarter));
    Word result = exp_of_small(grow(small, integer_bits));
    const Word rest = W::sub(small, a);
    for (int i = 0; i < (integer_bits < 5 ? integer_bits : 5) + 2; ++i) {
      const Word bit = W::set(static_cast<int16_t>(1 << (fraction_bits + i - 2)));
      result = W::where_equal(W::and_words(rest, bit), bit, W::times(result, W::set(factors[i])),
                              result);
    }
    if (integer_bits > 5)
      result = W::where_greater(W::set(static_cast<int16_t>(-(1 << (20 - integer_bits)))), a,
                                W::set(0), result);
    return W::where_equal(a, W::set(0), W::set(INT16_MAX), result);
  }

  /// 2 / (1 + a) with 2 integer bits, for a in [0, 1].
  [[gnu::always_inline]] static Word two_over_one_plus(Word a) {
    const Word half_denominator = W::add(W::shift_right(a, 1), W::set(1 << 14));
    const Word slope = W::set(rounded(-1010580540));
    Word x = W::add(W::set(rounded(1515870810)), W::times(half_denominator, slope));
    for (int i = 0; i < 3; ++i) {
      const Word rest = W::sub(W::set(1 << 13), W::times(half_denominator, x));
      x = W::add(x, grow(W::times(x, rest), 2));
    }
    return x;
  }

  [[gnu::always_inline]] static Word minus_magnitude(Word x) {
    return W::where_greater(x, W::set(0), W::sub(W::set(0), x), x);
  }

  [[gnu::always_inline]] static Word logistic_of(Word x, int) {
    const Word positive = grow(two_over_one_plus(exp_of_negative(minus_magnitude(x), 3)), 1);
    const Word result =
        W::where_greater(x, W::set(0), positive, W::sub(W::set(INT16_MAX), positive));
    return W::where_equal(x, W::set(0), W::set(1 << 14), result);
  }

  /// (1 - e) / (1 + e) = 2 / (1 + e) - 1 with e = exp(-2|x|); the 2 only moves the binary point.
  [[gnu::always_inline]] static Word tanh_of(Word x, int integer_bits) {
    const Word e = exp_of_negative(minus_magnitude(x), integer_bits + 1);
    const Word magnitude = grow(W::sub(two_over_one_plus(e), W::set(1 << 13)), 2);
    const Word result = W::where_greater(W::set(0), x, W::sub(W::set(0), magnitude), magnitude);
    return W::where_equal(x, W::set(0), W::set(0), result);
  }

  template <Word function(Word, int)>
  static void run(const Gates& g) {
    size_t i = 0;
    for (; i + W::lanes <= g.count; i += W::lanes)
      W::store(g.y + i, function(W::load(g.x + i), g.integer_bits));
    if (const size_t left = g.count - i)
      W::store_first(g.y + i, function(W::load_first(g.x + i, left), g.integer_bits), left);
  }
};

template <class W>
constexpr GatesKernel make_gates() {
  using Body = GatesBody<W>;
  return {&Body::template run<&Body::logistic_of>, &Body::template run<&Body::tanh_of>};
}

}  // namespace wherry::kernels
