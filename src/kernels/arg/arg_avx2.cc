// The first largest byte with AVX2: 32 bytes at a time.
#include <immintrin.h>

#include "kernels/arg/arg_body.h"

namespace wherry::kernels::x86_avx2 {
namespace {

struct Bytes {
  using Vec = __m256i;
  static constexpr size_t lanes = 32;
  [[gnu::always_inline]] static Vec load(const uint8_t* p) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
  }
  [[gnu::always_inline]] static Vec load_first(const uint8_t* p, size_t n) {
    uint8_t bytes[32] = {};
    for (size_t i = 0; i < n && i < 32; ++i) bytes[i] = p[i];
    return load(bytes);
  }
  [[gnu::always_inline]] static Vec keep_first(Vec x, size_t n) {
    const Vec index = _mm256_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17,
                                       18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
    const Vec count = _mm256_set1_epi8(static_cast<char>(n));
    return _mm256_and_si256(x, _mm256_cmpgt_epi8(count, index));
  }
  [[gnu::always_inline]] static Vec set(uint8_t x) {
    return _mm256_set1_epi8(static_cast<char>(x));
  }
  [[gnu::always_inline]] static Vec flip(Vec a, Vec b) { return _mm256_xor_si256(a, b); }
  [[gnu::always_inline]] static Vec max(Vec a, Vec b) { return _mm256_max_epu8(a, b); }
  [[gnu::always_inline]] static uint8_t largest(Vec x) {
    __m128i y = _mm_max_epu8(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
    y = _mm_max_epu8(y, _mm_srli_epi16(y, 8));
    // The smallest 16-bit lane of the complement is the largest byte.
    const __m128i words = _mm_and_si128(y, _mm_set1_epi16(0xff));
    const __m128i least = _mm_minpos_epu16(_mm_xor_si128(words, _mm_set1_epi16(0xff)));
    return static_cast<uint8_t>(0xff ^ _mm_cvtsi128_si32(least));
  }
  [[gnu::always_inline]] static uint64_t equal(Vec a, Vec b) {
    return static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(a, b)));
  }
};

}  // namespace

void first_largest(const FirstLargest& f) { FirstLargestBody<Bytes>::run(f); }

}  // namespace wherry::kernels::x86_avx2
