// AVX-512 as the vector type of kernel templates: 16 floats (Wide) and 8 floats (Half).
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

namespace wherry::kernels::x86_avx512 {

/// Everything is forced inline: no function of this header may reach the linker.
struct Wide {
  using Vec = __m512;
  using Int = __m512i;
  using Mask = __mmask16;
  static constexpr size_t lanes = 16;

  [[gnu::always_inline]] static Mask first(size_t n) {
    return n >= 16 ? Mask(0xffff) : Mask((1u << n) - 1);
  }
  [[gnu::always_inline]] static Vec zero() { return _mm512_setzero_ps(); }
  [[gnu::always_inline]] static Vec set(float x) { return _mm512_set1_ps(x); }
  [[gnu::always_inline]] static Vec load(const float* p) { return _mm512_loadu_ps(p); }
  [[gnu::always_inline]] static void store(float* p, Vec x) { _mm512_storeu_ps(p, x); }
  /// The first n lanes from memory, zeros in the others.
  [[gnu::always_inline]] static Vec load_first(const float* p, size_t n) {
    return _mm512_maskz_loadu_ps(first(n), p);
  }
  [[gnu::always_inline]] static void store_first(float* p, Vec x, size_t n) {
    _mm512_mask_storeu_ps(p, first(n), x);
  }
  [[gnu::always_inline]] static Vec add(Vec a, Vec b) { return _mm512_add_ps(a, b); }
  [[gnu::always_inline]] static Vec sub(Vec a, Vec b) { return _mm512_sub_ps(a, b); }
  [[gnu::always_inline]] static Vec mul(Vec a, Vec b) { return _mm512_mul_ps(a, b); }
  [[gnu::always_inline]] static Vec div(Vec a, Vec b) { return _mm512_div_ps(a, b); }
  /// The second operand wins when one is not a number.
  [[gnu::always_inline]] static Vec min(Vec a, Vec b) { return _mm512_min_ps(a, b); }
  [[gnu::always_inline]] static Vec max(Vec a, Vec b) { return _mm512_max_ps(a, b); }
  /// a * b + c, rounded once.
  [[gnu::always_inline]] static Vec fma(Vec a, Vec b, Vec c) { return _mm512_fmadd_ps(a, b, c); }

  [[gnu::always_inline]] static Int set_int(int32_t x) { return _mm512_set1_epi32(x); }
  [[gnu::always_inline]] static Int load_int(const void* p) { return _mm512_loadu_si512(p); }
  [[gnu::always_inline]] static Int add_int(Int a, Int b) { return _mm512_add_epi32(a, b); }
  [[gnu::always_inline]] static Int mul_int(Int a, Int b) { return _mm512_mullo_epi32(a, b); }
  [[gnu::always_inline]] static Vec to_float(Int x) { return _mm512_cvtepi32_ps(x); }
  /// To the nearest integer, ties to even; the value must fit.
  [[gnu::always_inline]] static Int to_int(Vec x) { return _mm512_cvtps_epi32(x); }
  /// The low bytes of the lanes.
  [[gnu::always_inline]] static void store_bytes(void* p, Int x) {
    _mm_storeu_si128(static_cast<__m128i*>(p), _mm512_cvtepi32_epi8(x));
  }
  [[gnu::always_inline]] static void store_first_bytes(void* p, Int x, size_t n) {
    _mm512_mask_cvtepi32_storeu_epi8(p, first(n), x);
  }
};

struct Half {
  using Vec = __m256;
  using Int = __m256i;
  static constexpr size_t lanes = 8;

  [[gnu::always_inline]] static __mmask8 first(size_t n) {
    return n >= 8 ? __mmask8(0xff) : __mmask8((1u << n) - 1);
  }
  [[gnu::always_inline]] static Vec set(float x) { return _mm256_set1_ps(x); }
  [[gnu::always_inline]] static Vec load(const float* p) { return _mm256_loadu_ps(p); }
  [[gnu::always_inline]] static void store(float* p, Vec x) { _mm256_storeu_ps(p, x); }
  [[gnu::always_inline]] static void store_first(float* p, Vec x, size_t n) {
    _mm256_mask_storeu_ps(p, first(n), x);
  }
  [[gnu::always_inline]] static Vec min(Vec a, Vec b) { return _mm256_min_ps(a, b); }
  [[gnu::always_inline]] static Vec max(Vec a, Vec b) { return _mm256_max_ps(a, b); }
  [[gnu::always_inline]] static Vec fma(Vec a, Vec b, Vec c) { return _mm256_fmadd_ps(a, b, c); }
  /// The value of a lane-wise constant vector, for the narrow part of a panel.
  [[gnu::always_inline]] static Vec narrow(__m512 x) { return _mm512_castps512_ps256(x); }

  [[gnu::always_inline]] static Int set_int(int32_t x) { return _mm256_set1_epi32(x); }
  [[gnu::always_inline]] static Int load_int(const void* p) {
    return _mm256_loadu_si256(static_cast<const __m256i*>(p));
  }
  [[gnu::always_inline]] static Int add_int(Int a, Int b) { return _mm256_add_epi32(a, b); }
  [[gnu::always_inline]] static Int mul_int(Int a, Int b) { return _mm256_mullo_epi32(a, b); }
  [[gnu::always_inline]] static Vec mul(Vec a, Vec b) { return _mm256_mul_ps(a, b); }
  [[gnu::always_inline]] static Vec to_float(Int x) { return _mm256_cvtepi32_ps(x); }
  [[gnu::always_inline]] static Int to_int(Vec x) { return _mm256_cvtps_epi32(x); }
  [[gnu::always_inline]] static void store_bytes(void* p, Int x) {
    _mm_storel_epi64(static_cast<__m128i*>(p), _mm256_cvtepi32_epi8(x));
  }
  [[gnu::always_inline]] static void store_first_bytes(void* p, Int x, size_t n) {
    _mm256_mask_cvtepi32_storeu_epi8(p, first(n), x);
  }
  [[gnu::always_inline]] static Int narrow(__m512i x) { return _mm512_castsi512_si256(x); }
};

}  // namespace wherry::kernels::x86_avx512
