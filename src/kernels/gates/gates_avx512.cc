// Fixed-point gates with AVX-512: 32 words at a time.
#include <immintrin.h>

#include "kernels/gates/gates_body.h"

namespace wherry::kernels::x86_avx512 {
namespace {

struct Words {
  using Word = __m512i;
  static constexpr size_t lanes = 32;

  [[gnu::always_inline]] static __mmask32 first(size_t n) {
    return static_cast<__mmask32>((uint64_t{1} << n) - 1);
  }
  [[gnu::always_inline]] static Word load(const int16_t* p) { return _mm512_loadu_si512(p); }
  [[gnu::always_inline]] static Word load_first(const int16_t* p, size_t n) {
    return _mm512_maskz_loadu_epi16(first(n), p);
  }
  [[gnu::always_inline]] static void store(int16_t* p, Word x) { _mm512_storeu_si512(p, x); }
  [[gnu::always_inline]] static void store_first(int16_t* p, Word x, size_t n) {
    _mm512_mask_storeu_epi16(p, first(n), x);
  }
  [[gnu::always_inline]] static Word set(int16_t x) { return _mm512_set1_epi16(x); }
  [[gnu::always_inline]] static Word add(Word a, Word b) { return _mm512_add_epi16(a, b); }
  [[gnu::always_inline]] static Word sub(Word a, Word b) { return _mm512_sub_epi16(a, b); }
  [[gnu::always_inline]] static Word adds(Word a, Word b) { return _mm512_adds_epi16(a, b); }
  [[gnu::always_inline]] static Word times(Word a, Word b) { return _mm512_mulhrs_epi16(a, b); }
  [[gnu::always_inline]] static Word and_words(Word a, Word b) { return _mm512_and_si512(a, b); }
  [[gnu::always_inline]] static Word shift_right(Word x, int n) {
    return _mm512_sra_epi16(x, _mm_cvtsi32_si128(n));
  }
  [[gnu::always_inline]] static Word where_equal(Word a, Word b, Word yes, Word no) {
    return _mm512_mask_blend_epi16(_mm512_cmpeq_epi16_mask(a, b), no, yes);
  }
  [[gnu::always_inline]] static Word where_greater(Word a, Word b, Word yes, Word no) {
    return _mm512_mask_blend_epi16(_mm512_cmpgt_epi16_mask(a, b), no, yes);
  }
};

}  // namespace

const GatesKernel gates = make_gates<Words>();

}  // namespace wherry::kernels::x86_avx512
