// Softmax of rows as templates over the vector type.
#pragma once

#include "kernels/simd/math.h"
#include "kernels/softmax/softmax_kernel.h"

namespace wherry::kernels {

template <class W>
struct SoftmaxBody {
  using Vec = typename W::Vec;

  [[gnu::always_inline]] static float largest(const float* x, size_t n) {
    Vec most = W::set(x[0]);
    size_t c = 0;
    for (; c + W::lanes <= n; c += W::lanes) most = W::max(most, W::load(x + c));
    if (c < n) most = W::max(most, W::load_first_or(x + c, n - c, W::set(x[0])));
    return W::max_of(most);
  }

  /// The sum of the exponentials, which are stored if asked for.
  template <bool keep>
  [[gnu::always_inline]] static float exponentials(const SoftmaxF32& s, const float* x, float* y) {
    const Vec shift = W::set(largest(x, s.columns)), beta = W::set(s.beta);
    Vec sum = W::zero();
    size_t c = 0;
    for (; c + W::lanes <= s.columns; c += W::lanes) {
      const Vec e = Math<W>::exp(W::mul(beta, W::sub(W::load(x + c), shift)));
      if constexpr (keep) W::store(y + c, e);
      sum = W::add(sum, e);
    }
    if (const size_t left = s.columns - c) {
      const Vec e = Math<W>::exp(W::mul(beta, W::sub(W::load_first(x + c, left), shift)));
      if constexpr (keep) W::store_first(y + c, e, left);
      sum = W::add(sum, W::keep_first(e, left));
    }
    return W::sum(sum);
  }

  static void softmax(const SoftmaxF32& s) {
    for (size_t r = 0; r < s.rows; ++r) {
      float* y = s.y + r * s.columns;
      const Vec factor = W::set(1.0f / exponentials<true>(s, s.x + r * s.columns, y));
      size_t c = 0;
      for (; c + W::lanes <= s.columns; c += W::lanes)
        W::store(y + c, W::mul(W::load(y + c), factor));
      if (const size_t left = s.columns - c)
        W::store_first(y + c, W::mul(W::load_first(y + c, left), factor), left);
    }
  }

  static void log_softmax(const SoftmaxF32& s) {
    for (size_t r = 0; r < s.rows; ++r) {
      const float* x = s.x + r * s.columns;
      float* y = s.y + r * s.columns;
      const float sum = exponentials<false>(s, x, nullptr);
      const Vec shift = W::set(largest(x, s.columns)), log = W::set(__builtin_logf(sum));
      size_t c = 0;
      for (; c + W::lanes <= s.columns; c += W::lanes)
        W::store(y + c, W::sub(W::sub(W::load(x + c), shift), log));
      if (const size_t left = s.columns - c)
        W::store_first(y + c, W::sub(W::sub(W::load_first(x + c, left), shift), log), left);
    }
  }
};

template <class W>
constexpr SoftmaxKernel make_softmax() {
  return {&SoftmaxBody<W>::softmax, &SoftmaxBody<W>::log_softmax};
}

}  // namespace wherry::kernels
