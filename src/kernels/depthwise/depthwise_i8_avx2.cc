// The 8-bit depthwise convolution with AVX2: 16 channels, pairs of int16.
#include <immintrin.h>

#include "kernels/depthwise/depthwise_i8_body.h"

namespace wherry::kernels::x86_avx2 {
namespace {

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
    uint8_t bytes[16] = {};
    for (size_t i = 0; i < n; ++i) bytes[i] = p[i];
    return load(bytes, is_signed);
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
    const __m256i words = _mm256_add_epi16(_mm256_packs_epi32(results[0], results[1]),
                                           _mm256_set1_epi16(static_cast<int16_t>(zero_point)));
    const __m256i low = _mm256_and_si256(words, _mm256_set1_epi16(0xff));
    return _mm_packus_epi16(_mm256_castsi256_si128(low), _mm256_extracti128_si256(low, 1));
  }
  [[gnu::always_inline]] static void store(uint8_t* p, const Int (&results)[2],
                                           const DepthwiseI8Block& b) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), bytes_of(results, b.zero_point));
  }
  [[gnu::always_inline]] static void store_few(uint8_t* p, const Int (&results)[2],
                                               const DepthwiseI8Block& b) {
    uint8_t bytes[16];
    store(bytes, results, b);
    for (size_t i = 0; i < b.channel_count; ++i) p[i] = bytes[i];
  }
};

}  // namespace

const DepthwiseI8Kernel depthwise_i8 = {
    .taps_in_group = 2, .vectors = 2, .width_count = 1, .widths = {depthwise_i8_width<Sixteen>}};

}  // namespace wherry::kernels::x86_avx2
