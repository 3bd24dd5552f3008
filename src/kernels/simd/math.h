// Elementary functions as templates over the vector type; a few units in the last place.
//
// Coefficients are least-maximum fits of the functions named, made with double precision.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wherry::kernels {

/// Everything is forced inline: no function of this header may reach the linker.
template <class W>
struct Math {
  using Vec = typename W::Vec;
  using Int = typename W::Int;

  /// x = n ln 2 + r with |r| <= ln 2 / 2; e^r - 1 = r + r^2 q(r).
  struct Reduced {
    Int n;
    Vec r, r_squared_q;
  };
  [[gnu::always_inline]] static Reduced reduce(Vec x) {
    const Int n = W::to_int(W::mul(x, W::set(1.44269504f)));
    const Vec whole = W::to_float(n);
    Vec r = W::fma(whole, W::set(-0.693145752f), x);
    r = W::fma(whole, W::set(-1.42860677e-6f), r);
    Vec q = W::set(1.3941118e-3f);
    q = W::fma(q, r, W::set(8.36317986e-3f));
    q = W::fma(q, r, W::set(4.16663736e-2f));
    q = W::fma(q, r, W::set(1.66665763e-1f));
    q = W::fma(q, r, W::set(0.5f));
    return {n, r, W::mul(W::mul(r, r), q)};
  }

  /// e^x; 0 and infinity beyond the range of floats.
  [[gnu::always_inline]] static Vec exp(Vec x) {
    x = W::min(W::set(90.0f), W::max(W::set(-110.0f), x));
    const Reduced d = reduce(x);
    // In two steps, since 2^n alone may leave the range of normal floats.
    const Int half = W::half_of(d.n);
    const Vec y = W::add(W::add(d.r_squared_q, d.r), W::set(1.0f));
    return W::mul(W::mul(y, W::power_of_two(half)), W::power_of_two(W::sub_int(d.n, half)));
  }

  /// e^x - 1 for x up to 87, also accurate near 0.
  [[gnu::always_inline]] static Vec exp_minus_1(Vec x) {
    x = W::min(W::set(87.0f), W::max(W::set(-20.0f), x));
    const Reduced d = reduce(x);
    const Vec scale = W::power_of_two(d.n);
    return W::fma(W::add(d.r_squared_q, d.r), scale, W::sub(scale, W::set(1.0f)));
  }

  [[gnu::always_inline]] static Vec logistic(Vec x) {
    const Vec one = W::set(1.0f);
    return W::div(one, W::add(one, exp(W::sub(W::zero(), x))));
  }

  [[gnu::always_inline]] static Vec tanh(Vec x) {
    const Vec twice = W::min(W::set(40.0f), W::max(W::set(-20.0f), W::add(x, x)));
    const Vec e = exp_minus_1(twice);
    return W::div(e, W::add(e, W::set(2.0f)));
  }

  /// erfc(z) for z from 0 on; a multiple of e^-110 is 0.
  [[gnu::always_inline]] static Vec erfc_of_positive(Vec z) {
    const Vec one = W::set(1.0f);
    const Vec t = W::div(one, W::fma(z, W::set(0.4f), one));
    Vec p = W::set(-0.0295943376f);
    p = W::fma(p, t, W::set(0.198013216f));
    p = W::fma(p, t, W::set(-0.498811513f));
    p = W::fma(p, t, W::set(0.547435462f));
    p = W::fma(p, t, W::set(-0.284366697f));
    p = W::fma(p, t, W::set(0.272066236f));
    p = W::fma(p, t, W::set(0.129679605f));
    p = W::fma(p, t, W::set(0.214919105f));
    p = W::fma(p, t, W::set(0.224952027f));
    p = W::fma(p, t, W::set(0.225706905f));
    return W::mul(W::mul(p, t), exp(W::sub(W::zero(), W::mul(z, z))));
  }

  /// x * (1 + erf(x / sqrt 2)) / 2.
  [[gnu::always_inline]] static Vec gelu(Vec x) {
    const Vec z = W::min(W::set(10.5f), W::mul(W::abs(x), W::set(0.707106781f)));
    const Vec bounded = W::min(W::set(15.0f), x);  // where the tail is 0, so that infinity stays
    const Vec tail = W::mul(W::mul(bounded, W::set(0.5f)), erfc_of_positive(z));
    return W::if_not_negative(x, W::sub(x, tail), tail);
  }

  /// The same with tanh(sqrt(2 / pi) * (x + 0.044715 x^3)) for erf, as x / (1 + e^-2u).
  [[gnu::always_inline]] static Vec gelu_tanh(Vec x) {
    const Vec inner = W::fma(W::mul(W::mul(x, x), W::set(0.044715f)), x, x);
    return W::mul(x, logistic(W::mul(inner, W::set(1.59576912f))));
  }
};

}  // namespace wherry::kernels
