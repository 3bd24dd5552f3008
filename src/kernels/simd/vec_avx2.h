// AVX2 with FMA as the vector type of kernel templates: 8 floats.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

namespace wherry::kernels::x86_avx2 {

/// Everything is forced inline: no function of this header may reach the linker.
struct Wide {
  using Vec = __m256;
  using Int = __m256i;
  static constexpr size_t lanes = 8;

  /// All bits set in the first n lanes.
  [[gnu::always_inline]] static Int first(size_t n) {
    const Int index = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(n > 8 ? 8 : static_cast<int>(n)), index);
  }
  [[gnu::always_inline]] static Vec zero() { return _mm256_setzero_ps(); }
  [[gnu::always_inline]] static Vec set(float x) { return _mm256_set1_ps(x); }
  [[gnu::always_inline]] static Vec load(const float* p) { return _mm256_loadu_ps(p); }
  [[gnu::always_inline]] static void store(float* p, Vec x) { _mm256_storeu_ps(p, x); }
  /// The first n lanes from memory, zeros in the others.
  [[gnu::always_inline]] static Vec load_first(const float* p, size_t n) {
    return _mm256_maskload_ps(p, first(n));
  }
  [[gnu::always_inline]] static void store_first(float* p, Vec x, size_t n) {
    _mm256_maskstore_ps(p, first(n), x);
  }
  [[gnu::always_inline]] static Vec add(Vec a, Vec b) { return _mm256_add_ps(a, b); }
  [[gnu::always_inline]] static Vec sub(Vec a, Vec b) { return _mm256_sub_ps(a, b); }
  [[gnu::always_inline]] static Vec mul(Vec a, Vec b) { return _mm256_mul_ps(a, b); }
  [[gnu::always_inline]] static Vec div(Vec a, Vec b) { return _mm256_div_ps(a, b); }
  /// The second operand wins when one is not a number.
  [[gnu::always_inline]] static Vec min(Vec a, Vec b) { return _mm256_min_ps(a, b); }
  [[gnu::always_inline]] static Vec max(Vec a, Vec b) { return _mm256_max_ps(a, b); }
  /// a * b + c, rounded once.
  [[gnu::always_inline]] static Vec fma(Vec a, Vec b, Vec c) { return _mm256_fmadd_ps(a, b, c); }
};

}  // namespace wherry::kernels::x86_avx2
