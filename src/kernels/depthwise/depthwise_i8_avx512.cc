// The 8-bit depthwise convolution with AVX-512 but no VNNI: 32 or 16 channels, pairs of int16.
#include <immintrin.h>

#include "kernels/depthwise/depthwise_i8_body.h"

namespace wherry::kernels::x86_avx512 {
namespace {

struct ThirtyTwo {
  static constexpr size_t width = 32, vectors = 2, taps = 2;
  using Raw = __m512i;
  using Int = __m512i;

  [[gnu::always_inline]] static Raw load(const uint8_t* p, bool is_signed) {
    const __m256i x = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
    return is_signed ? _mm512_cvtepi8_epi16(x) : _mm512_cvtepu8_epi16(x);
  }
  [[gnu::always_inline]] static Raw load_few(const uint8_t* p, size_t n, bool is_signed) {
    const __m256i x = _mm256_maskz_loadu_epi8((__mmask32{1} << n) - 1, p);
    return is_signed ? _mm512_cvtepi8_epi16(x) : _mm512_cvtepu8_epi16(x);
  }
  [[gnu::always_inline]] static Int load_int(const void* p) { return _mm512_loadu_si512(p); }
  [[gnu::always_inline]] static void interleave(const Raw (&raws)[2], Int (&mixed)[2]) {
    mixed[0] = _mm512_unpacklo_epi16(raws[0], raws[1]);
    mixed[1] = _mm512_unpackhi_epi16(raws[0], raws[1]);
  }
  [[gnu::always_inline]] static Int dot(Int sum, Int left, Int right) {
    return _mm512_add_epi32(sum, _mm512_madd_epi16(left, right));
  }
  [[gnu::always_inline]] static Int requantise(Int sum, const float* scale,
                                               const DepthwiseI8Block& b) {
    const __m512 y = _mm512_mul_ps(_mm512_cvtepi32_ps(sum), _mm512_loadu_ps(scale));
    return _mm512_cvtps_epi32(
        _mm512_min_ps(_mm512_set1_ps(b.high), _mm512_max_ps(_mm512_set1_ps(b.low), y)));
  }
  [[gnu::always_inline]] static __m256i bytes_of(const Int (&results)[2], int32_t zero_point) {
    const __m512i words = _mm512_packs_epi32(results[0], results[1]);
    return _mm512_cvtepi16_epi8(
        _mm512_add_epi16(words, _mm512_set1_epi16(static_cast<int16_t>(zero_point))));
  }
  [[gnu::always_inline]] static void store(uint8_t* p, const Int (&results)[2],
                                           const DepthwiseI8Block& b) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), bytes_of(results, b.zero_point));
  }
  [[gnu::always_inline]] static void store_few(uint8_t* p, const Int (&results)[2],
                                               const DepthwiseI8Block& b) {
    _mm256_mask_storeu_epi8(p, (__mmask32{1} << b.channel_count) - 1,
                            bytes_of(results, b.zero_point));
  }
};

struct Sixteen {
  static constexpr size_t width = 16, vectors = 2, taps = 2;
  using Raw = __m256i;
  using Int = __m256i;

  [[gnu::always_inline]] static Raw widen(__m128i x, bool is_signed) {
    return is_signed ? _mm256_cvtepi8_epi16(x) : _mm256_cvtepu8_epi16(x);
  }
  [[gnu::always_inline]] static Raw load(const uint8_t* p, bool is_signed) {
    return widen(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)), is_signed);
  }
  [[gnu::always_inline]] static Raw load_few(const uint8_t* p, size_t n, bool is_signed) {
    return widen(_mm_maskz_loadu_epi8(static_cast<__mmask16>((1u << n) - 1), p), is_signed);
  }
  [[gnu::always_inline]] static Int load_int(const void* p) {
    return _mm256_loadu_si256(static_cast<const __m256i*>(p));
  }
  [[gnu::always_inline]] static void interleave(const Raw (&raws)[2], Int (&mixed)[2]) {
    mixed[0] = _mm256_unpacklo_epi16(raws[0], raws[1]);
    mixed[1] = _mm256_unpackhi_epi16(raws[0], raws[1]);
  }
  [[gnu::always_inline]] static Int dot(Int sum, Int left, Int right) {
    return _mm256_add_epi32(sum, _mm256_madd_epi16(left, right));
  }
  [[gnu::always_inline]] static Int requantise(Int sum, const float* scale,
                                               const DepthwiseI8Block& b) {
    const __m256 y = _mm256_mul_ps(_mm256_cvtepi32_ps(sum), _mm256_loadu_ps(scale));
    return _mm256_cvtps_epi32(
        _mm256_min_ps(_mm256_set1_ps(b.high), _mm256_max_ps(_mm256_set1_ps(b.low), y)));
  }
  [[gnu::always_inline]] static __m128i bytes_of(const Int (&results)[2], int32_t zero_point) {
    const __m256i words = _mm256_packs_epi32(results[0], results[1]);
    return _mm256_cvtepi16_epi8(
        _mm256_add_epi16(words, _mm256_set1_epi16(static_cast<int16_t>(zero_point))));
  }
  [[gnu::always_inline]] static void store(uint8_t* p, const Int (&results)[2],
                                           const DepthwiseI8Block& b) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), bytes_of(results, b.zero_point));
  }
  [[gnu::always_inline]] static void store_few(uint8_t* p, const Int (&results)[2],
                                               const DepthwiseI8Block& b) {
    _mm_mask_storeu_epi8(p, static_cast<__mmask16>((1u << b.channel_count) - 1),
                         bytes_of(results, b.zero_point));
  }
};

}  // namespace

const DepthwiseI8Kernel depthwise_i8 = {
    .taps_in_group = 2,
    .vectors = 2,
    .width_count = 2,
    .widths = {depthwise_i8_width<ThirtyTwo>, depthwise_i8_width<Sixteen>}};

}  // namespace wherry::kernels::x86_avx512
