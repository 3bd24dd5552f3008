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
  [[gnu::always_inline]] static Vec sqrt(Vec x) { return _mm256_sqrt_ps(x); }
  [[gnu::always_inline]] static Vec abs(Vec x) {
    return _mm256_and_ps(x, _mm256_castsi256_ps(_mm256_set1_epi32(0x7fffffff)));
  }
  /// x >= 0 ? a : b; b when x is not a number.
  [[gnu::always_inline]] static Vec if_not_negative(Vec x, Vec a, Vec b) {
    return _mm256_blendv_ps(b, a, _mm256_cmp_ps(x, zero(), _CMP_GE_OQ));
  }
  /// 2^n for n from -126 to 127.
  [[gnu::always_inline]] static Vec power_of_two(Int n) {
    return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(n, set_int(127)), 23));
  }
  [[gnu::always_inline]] static Int half_of(Int n) { return _mm256_srai_epi32(n, 1); }
  [[gnu::always_inline]] static Int sub_int(Int a, Int b) { return _mm256_sub_epi32(a, b); }
  /// The first n lanes from memory, `fill` in the others.
  [[gnu::always_inline]] static Vec load_first_or(const float* p, size_t n, Vec fill) {
    return _mm256_blendv_ps(fill, load_first(p, n), _mm256_castsi256_ps(first(n)));
  }
  /// Zeros but in the first n lanes.
  [[gnu::always_inline]] static Vec keep_first(Vec x, size_t n) {
    return _mm256_and_ps(x, _mm256_castsi256_ps(first(n)));
  }
  /// The magnitude of x with the sign of y.
  [[gnu::always_inline]] static Vec copy_sign(Vec x, Vec y) {
    const Vec sign = set(-0.0f);
    return _mm256_or_ps(_mm256_andnot_ps(sign, x), _mm256_and_ps(sign, y));
  }
  /// Towards zero; the value must fit.
  [[gnu::always_inline]] static Int truncate(Vec x) { return _mm256_cvttps_epi32(x); }
  [[gnu::always_inline]] static float sum(Vec x) {
    __m128 y = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    y = _mm_add_ps(y, _mm_movehl_ps(y, y));
    return _mm_cvtss_f32(_mm_add_ss(y, _mm_movehdup_ps(y)));
  }
  [[gnu::always_inline]] static float max_of(Vec x) {
    __m128 y = _mm_max_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    y = _mm_max_ps(y, _mm_movehl_ps(y, y));
    return _mm_cvtss_f32(_mm_max_ss(y, _mm_movehdup_ps(y)));
  }

  [[gnu::always_inline]] static Int set_int(int32_t x) { return _mm256_set1_epi32(x); }
  [[gnu::always_inline]] static Int load_int(const void* p) {
    return _mm256_loadu_si256(static_cast<const __m256i*>(p));
  }
  [[gnu::always_inline]] static Int add_int(Int a, Int b) { return _mm256_add_epi32(a, b); }
  [[gnu::always_inline]] static Int mul_int(Int a, Int b) { return _mm256_mullo_epi32(a, b); }
  [[gnu::always_inline]] static Vec to_float(Int x) { return _mm256_cvtepi32_ps(x); }
  /// To the nearest integer, ties to even; the value must fit.
  [[gnu::always_inline]] static Int to_int(Vec x) { return _mm256_cvtps_epi32(x); }
  [[gnu::always_inline]] static Int min_int(Int a, Int b) { return _mm256_min_epi32(a, b); }
  [[gnu::always_inline]] static Int max_int(Int a, Int b) { return _mm256_max_epi32(a, b); }
  [[gnu::always_inline]] static Int and_int(Int a, Int b) { return _mm256_and_si256(a, b); }
  /// Arithmetic shift, or with shift_left a logical one.
  [[gnu::always_inline]] static Int shift_right(Int x, int n) {
    return _mm256_sra_epi32(x, _mm_cvtsi32_si128(n));
  }
  [[gnu::always_inline]] static Int shift_left(Int x, int n) {
    return _mm256_sll_epi32(x, _mm_cvtsi32_si128(n));
  }
  /// The high half of 2ab, rounded to nearest, ties up.
  [[gnu::always_inline]] static Int high_multiply(Int a, Int b) {
    const Int nudge = _mm256_set1_epi64x(int64_t{1} << 30);
    const Int even = _mm256_add_epi64(_mm256_mul_epi32(a, b), nudge);
    const Int odd = _mm256_add_epi64(
        _mm256_mul_epi32(_mm256_srli_epi64(a, 32), _mm256_srli_epi64(b, 32)), nudge);
    return _mm256_blend_epi32(_mm256_srli_epi64(even, 31), _mm256_slli_epi64(odd, 1), 0xaa);
  }
  /// Bytes, widened.
  [[gnu::always_inline]] static Int load_bytes(const uint8_t* p, bool is_signed) {
    const __m128i x = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(p));
    return is_signed ? _mm256_cvtepi8_epi32(x) : _mm256_cvtepu8_epi32(x);
  }
  [[gnu::always_inline]] static Int load_first_bytes(const uint8_t* p, size_t n, bool is_signed) {
    uint8_t bytes[8] = {};
    for (size_t i = 0; i < n && i < 8; ++i) bytes[i] = p[i];
    return load_bytes(bytes, is_signed);
  }
  /// int16 elements, widened.
  [[gnu::always_inline]] static Int load_words(const int16_t* p) {
    return _mm256_cvtepi16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
  }
  [[gnu::always_inline]] static Int load_first_words(const int16_t* p, size_t n) {
    int16_t words[8] = {};
    for (size_t i = 0; i < n && i < 8; ++i) words[i] = p[i];
    return load_words(words);
  }
  /// The low halves of the lanes, which must fit int16.
  [[gnu::always_inline]] static void store_words(int16_t* p, Int x) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p),
                     _mm_packs_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1)));
  }
  [[gnu::always_inline]] static void store_first_words(int16_t* p, Int x, size_t n) {
    int16_t words[8];
    store_words(words, x);
    for (size_t i = 0; i < n && i < 8; ++i) p[i] = words[i];
  }
  /// float16 elements, widened.
  [[gnu::always_inline]] static Vec load_halves(const uint16_t* p) {
    return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
  }
  [[gnu::always_inline]] static Vec load_first_halves(const uint16_t* p, size_t n) {
    uint16_t halves[8] = {};
    for (size_t i = 0; i < n && i < 8; ++i) halves[i] = p[i];
    return load_halves(halves);
  }
  [[gnu::always_inline]] static void store_int(int32_t* p, Int x) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), x);
  }
  [[gnu::always_inline]] static void store_first_int(int32_t* p, Int x, size_t n) {
    _mm256_maskstore_epi32(p, first(n), x);
  }
  [[gnu::always_inline]] static Int load_first_int(const int32_t* p, size_t n) {
    return _mm256_maskload_epi32(p, first(n));
  }
  [[gnu::always_inline]] static int32_t sum_int(Int x) {
    __m128i y = _mm_add_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
    y = _mm_add_epi32(y, _mm_unpackhi_epi64(y, y));
    return _mm_cvtsi128_si32(_mm_add_epi32(y, _mm_shuffle_epi32(y, 1)));
  }
  /// The low bytes of the lanes, in the low half of the result.
  [[gnu::always_inline]] static __m128i low_bytes(Int x) {
    const __m256i picked = _mm256_shuffle_epi8(x, _mm256_set1_epi32(0x0c080400));
    return _mm_unpacklo_epi32(_mm256_castsi256_si128(picked), _mm256_extracti128_si256(picked, 1));
  }
  [[gnu::always_inline]] static void store_bytes(void* p, Int x) {
    _mm_storel_epi64(static_cast<__m128i*>(p), low_bytes(x));
  }
  [[gnu::always_inline]] static void store_first_bytes(void* p, Int x, size_t n) {
    auto bytes = static_cast<uint64_t>(_mm_cvtsi128_si64(low_bytes(x)));
    for (size_t i = 0; i < n && i < 8; ++i, bytes >>= 8)
      static_cast<uint8_t*>(p)[i] = static_cast<uint8_t>(bytes);
  }
};

}  // namespace wherry::kernels::x86_avx2
