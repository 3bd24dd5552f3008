// Functions of one float as templates over the vector type.
#pragma once

#include "kernels/elementwise/unary_f32_kernel.h"
#include "kernels/simd/math.h"

namespace wherry::kernels {

template <class W, UnaryOp op>
struct UnaryF32Body {
  using Vec = typename W::Vec;

  [[gnu::always_inline]] static Vec apply(Vec x, Vec p, Vec q) {
    if constexpr (op == UnaryOp::clamp) return W::min(q, W::max(p, x));
    if constexpr (op == UnaryOp::leaky_relu) return W::if_not_negative(x, x, W::mul(p, x));
    if constexpr (op == UnaryOp::elu) return W::if_not_negative(x, x, Math<W>::exp_minus_1(x));
    if constexpr (op == UnaryOp::exp) return Math<W>::exp(x);
    if constexpr (op == UnaryOp::logistic) return Math<W>::logistic(x);
    if constexpr (op == UnaryOp::tanh) return Math<W>::tanh(x);
    if constexpr (op == UnaryOp::hard_swish) {
      const Vec moved = W::add(x, W::set(3.0f));
      const Vec gate = W::min(W::set(6.0f), W::max(W::zero(), moved));
      return W::mul(W::mul(x, gate), W::set(1.0f / 6.0f));
    }
    if constexpr (op == UnaryOp::gelu) return Math<W>::gelu(x);
    if constexpr (op == UnaryOp::gelu_tanh) return Math<W>::gelu_tanh(x);
    if constexpr (op == UnaryOp::sqrt) return W::sqrt(x);
    if constexpr (op == UnaryOp::rsqrt) return W::div(W::set(1.0f), W::sqrt(x));
    if constexpr (op == UnaryOp::square) return W::mul(x, x);
    if constexpr (op == UnaryOp::negate) return W::sub(W::set(-0.0f), x);
    if constexpr (op == UnaryOp::abs) return W::abs(x);
  }

  static void run(const UnaryF32& u) {
    const Vec p = W::set(u.p), q = W::set(u.q);
    size_t i = 0;
    for (; i + W::lanes <= u.count; i += W::lanes) W::store(u.y + i, apply(W::load(u.x + i), p, q));
    if (const size_t left = u.count - i)
      W::store_first(u.y + i, apply(W::load_first(u.x + i, left), p, q), left);
  }
};

template <class W>
constexpr UnaryF32Kernel make_unary_f32() {
  return {{&UnaryF32Body<W, UnaryOp::clamp>::run, &UnaryF32Body<W, UnaryOp::leaky_relu>::run,
           &UnaryF32Body<W, UnaryOp::elu>::run, &UnaryF32Body<W, UnaryOp::exp>::run,
           &UnaryF32Body<W, UnaryOp::logistic>::run, &UnaryF32Body<W, UnaryOp::tanh>::run,
           &UnaryF32Body<W, UnaryOp::hard_swish>::run, &UnaryF32Body<W, UnaryOp::gelu>::run,
           &UnaryF32Body<W, UnaryOp::gelu_tanh>::run, &UnaryF32Body<W, UnaryOp::sqrt>::run,
           &UnaryF32Body<W, UnaryOp::rsqrt>::run, &UnaryF32Body<W, UnaryOp::square>::run,
           &UnaryF32Body<W, UnaryOp::negate>::run, &UnaryF32Body<W, UnaryOp::abs>::run}};
}

}  // namespace wherry::kernels
