// The first largest byte with AVX-512: 64 bytes at a time.
#include <immintrin.h>

#include "kernels/arg/arg_body.h"

namespace wherry::kernels::x86_avx512 {
namespace {

struct Bytes {
  using Vec = __m512i;
  static constexpr size_t lanes = 64;
  [[gnu::always_inline]] static __mmask64 first(size_t n) { return (__mmask64{1} << n) - 1; }
  [[gnu::always_inline]] static Vec load(const uint8_t* p) { return _mm512_loadu_si512(p); }
  [[gnu::always_inline]] static Vec load_first(const uint8_t* p, size_t n) {
    return _mm512_maskz_loadu_epi8(first(n), p);
  }
  [[gnu::always_inline]] static Vec keep_first(Vec x, size_t n) {
    return _mm512_maskz_mov_epi8(first(n), x);
  }
  [[gnu::always_inline]] static Vec set(uint8_t x) {
    return _mm512_set1_epi8(static_cast<char>(x));
  }
  [[gnu::always_inline]] static Vec flip(Vec a, Vec b) { return _mm512_xor_si512(a, b); }
  [[gnu::always_inline]] static Vec max(Vec a, Vec b) { return _mm512_max_epu8(a, b); }
  [[gnu::always_inline]] static uint8_t largest(Vec x) {
    const __m256i half =
        _mm256_max_epu8(_mm512_castsi512_si256(x), _mm512_extracti64x4_epi64(x, 1));
    __m128i y = _mm_max_epu8(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
    y = _mm_max_epu8(y, _mm_srli_epi16(y, 8));
    // The smallest 16-bit lane of the complement is the largest byte.
    const __m128i words = _mm_and_si128(y, _mm_set1_epi16(0xff));
    const __m128i least = _mm_minpos_epu16(_mm_xor_si128(words, _mm_set1_epi16(0xff)));
    return static_cast<uint8_t>(0xff ^ _mm_cvtsi128_si32(least));
  }
  [[gnu::always_inline]] static uint64_t equal(Vec a, Vec b) {
    return _mm512_cmpeq_epi8_mask(a, b);
  }
};

}  // namespace

void first_largest(const FirstLargest& f) { FirstLargestBody<Bytes>::run(f); }

}  // namespace wherry::kernels::x86_avx512
