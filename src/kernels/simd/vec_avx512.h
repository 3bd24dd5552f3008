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
  [[gnu::always_inline]] static Vec sqrt(Vec x) { return _mm512_sqrt_ps(x); }
  [[gnu::always_inline]] static Vec abs(Vec x) { return _mm512_abs_ps(x); }
  /// x >= 0 ? a : b; b when x is not a number.
  [[gnu::always_inline]] static Vec if_not_negative(Vec x, Vec a, Vec b) {
    return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(x, zero(), _CMP_GE_OQ), b, a);
  }
  /// 2^n for n from -126 to 127.
  [[gnu::always_inline]] static Vec power_of_two(Int n) {
    return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_add_epi32(n, set_int(127)), 23));
  }
  [[gnu::always_inline]] static Int half_of(Int n) { return _mm512_srai_epi32(n, 1); }
  [[gnu::always_inline]] static Int sub_int(Int a, Int b) { return _mm512_sub_epi32(a, b); }
  /// The first n lanes from memory, `fill` in the others.
  [[gnu::always_inline]] static Vec load_first_or(const float* p, size_t n, Vec fill) {
    return _mm512_mask_loadu_ps(fill, first(n), p);
  }
  /// Zeros but in the first n lanes.
  [[gnu::always_inline]] static Vec keep_first(Vec x, size_t n) {
    return _mm512_maskz_mov_ps(first(n), x);
  }
  /// The magnitude of x with the sign of y.
  [[gnu::always_inline]] static Vec copy_sign(Vec x, Vec y) {
    const Vec sign = set(-0.0f);
    return _mm512_or_ps(_mm512_andnot_ps(sign, x), _mm512_and_ps(sign, y));
  }
  /// Towards zero; the value must fit.
  [[gnu::always_inline]] static Int truncate(Vec x) { return _mm512_cvttps_epi32(x); }
  [[gnu::always_inline]] static float sum(Vec x) { return _mm512_reduce_add_ps(x); }
  [[gnu::always_inline]] static float max_of(Vec x) { return _mm512_reduce_max_ps(x); }

  [[gnu::always_inline]] static Int set_int(int32_t x) { return _mm512_set1_epi32(x); }
  [[gnu::always_inline]] static Int load_int(const void* p) { return _mm512_loadu_si512(p); }
  [[gnu::always_inline]] static Int add_int(Int a, Int b) { return _mm512_add_epi32(a, b); }
  [[gnu::always_inline]] static Int mul_int(Int a, Int b) { return _mm512_mullo_epi32(a, b); }
  [[gnu::always_inline]] static Vec to_float(Int x) { return _mm512_cvtepi32_ps(x); }
  /// To the nearest integer, ties to even; the value must fit.
  [[gnu::always_inline]] static Int to_int(Vec x) { return _mm512_cvtps_epi32(x); }
  [[gnu::always_inline]] static Int min_int(Int a, Int b) { return _mm512_min_epi32(a, b); }
  [[gnu::always_inline]] static Int max_int(Int a, Int b) { return _mm512_max_epi32(a, b); }
  [[gnu::always_inline]] static Int and_int(Int a, Int b) { return _mm512_and_si512(a, b); }
  /// Arithmetic shift, or with shift_left a logical one.
  [[gnu::always_inline]] static Int shift_right(Int x, int n) {
    return _mm512_sra_epi32(x, _mm_cvtsi32_si128(n));
  }
  [[gnu::always_inline]] static Int shift_left(Int x, int n) {
    return _mm512_sll_epi32(x, _mm_cvtsi32_si128(n));
  }
  /// The high half of 2ab, rounded to nearest, ties up.
  [[gnu::always_inline]] static Int high_multiply(Int a, Int b) {
    const Int nudge = _mm512_set1_epi64(int64_t{1} << 30);
    const Int even = _mm512_add_epi64(_mm512_mul_epi32(a, b), nudge);
    const Int odd = _mm512_add_epi64(
        _mm512_mul_epi32(_mm512_srli_epi64(a, 32), _mm512_srli_epi64(b, 32)), nudge);
    return _mm512_mask_blend_epi32(0xaaaa, _mm512_srli_epi64(even, 31), _mm512_slli_epi64(odd, 1));
  }
  /// Bytes, widened.
  [[gnu::always_inline]] static Int widen(__m128i x, bool is_signed) {
    return is_signed ? _mm512_cvtepi8_epi32(x) : _mm512_cvtepu8_epi32(x);
  }
  [[gnu::always_inline]] static Int load_bytes(const uint8_t* p, bool is_signed) {
    return widen(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)), is_signed);
  }
  [[gnu::always_inline]] static Int load_first_bytes(const uint8_t* p, size_t n, bool is_signed) {
    return widen(_mm_maskz_loadu_epi8(first(n), p), is_signed);
  }
  /// int16 elements, widened.
  [[gnu::always_inline]] static Int load_words(const int16_t* p) {
    return _mm512_cvtepi16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
  }
  [[gnu::always_inline]] static Int load_first_words(const int16_t* p, size_t n) {
    return _mm512_cvtepi16_epi32(_mm256_maskz_loadu_epi16(first(n), p));
  }
  /// The low halves of the lanes.
  [[gnu::always_inline]] static void store_words(int16_t* p, Int x) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm512_cvtepi32_epi16(x));
  }
  [[gnu::always_inline]] static void store_first_words(int16_t* p, Int x, size_t n) {
    _mm256_mask_storeu_epi16(p, first(n), _mm512_cvtepi32_epi16(x));
  }
  /// float16 elements, widened.
  [[gnu::always_inline]] static Vec load_halves(const uint16_t* p) {
    return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
  }
  [[gnu::always_inline]] static Vec load_first_halves(const uint16_t* p, size_t n) {
    return _mm512_cvtph_ps(_mm256_maskz_loadu_epi16(first(n), p));
  }
  [[gnu::always_inline]] static void store_int(int32_t* p, Int x) { _mm512_storeu_si512(p, x); }
  [[gnu::always_inline]] static void store_first_int(int32_t* p, Int x, size_t n) {
    _mm512_mask_storeu_epi32(p, first(n), x);
  }
  [[gnu::always_inline]] static Int load_first_int(const int32_t* p, size_t n) {
    return _mm512_maskz_loadu_epi32(first(n), p);
  }
  [[gnu::always_inline]] static int32_t sum_int(Int x) { return _mm512_reduce_add_epi32(x); }
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
