// Fixed-point gates with AVX2: 16 words at a time.
#include <immintrin.h>

#include "kernels/gates/gates_body.h"

namespace wherry::kernels::x86_avx2 {
namespace {

struct Words {
  using Word = __m256i;
  static constexpr size_t lanes = 16;

  [[gnu::always_inline]] static Word load(const int16_t* p) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
  }
  [[gnu::always_inline]] static Word load_first(const int16_t* p, size_t n) {
    int16_t words[16] = {};
    for (size_t i = 0; i < n && i < 16; ++i) words[i] = p[i];
    return load(words);
  }
  [[gnu::always_inline]] static void store(int16_t* p, Word x) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), x);
  }
  [[gnu::always_inline]] static void store_first(int16_t* p, Word x, size_t n) {
    int16_t words[16];
    store(words, x);
    for (size_t i = 0; i < n && i < 16; ++i) p[i] = words[i];
  }
  [[gnu::always_inline]] static Word set(int16_t x) { return _mm256_set1_epi16(x); }
  [[gnu::always_inline]] static Word add(Word a, Word b) { return _mm256_add_epi16(a, b); }
  [[gnu::always_inline]] static Word sub(Word a, Word b) { return _mm256_sub_epi16(a, b); }
  [[gnu::always_inline]] static Word adds(Word a, Word b) { return _mm256_adds_epi16(a, b); }
  [[gnu::always_inline]] static Word times(Word a, Word b) { return _mm256_mulhrs_epi16(a, b); }
  [[gnu::always_inline]] static Word and_words(Word a, Word b) { return _mm256_and_si256(a, b); }
  [[gnu::always_inline]] static Word shift_right(Word x, int n) {
    return _mm256_sra_epi16(x, _mm_cvtsi32_si128(n));
  }
  [[gnu::always_inline]] static Word where_equal(Word a, Word b, Word yes, Word no) {
    return _mm256_blendv_epi8(no, yes, _mm256_cmpeq_epi16(a, b));
  }
  [[gnu::always_inline]] static Word where_greater(Word a, Word b, Word yes, Word no) {
    return _mm256_blendv_epi8(no, yes, _mm256_cmpgt_epi16(a, b));
  }
};

}  // namespace

const GatesKernel gates = make_gates<Words>();

}  // namespace wherry::kernels::x86_avx2
