// Products with one vector with AVX-512; bytes are widened to words, whose products are exact.
#include "kernels/gemv/gemv_body.h"
#include "kernels/simd/vec_avx512.h"

namespace wherry::kernels::x86_avx512 {
namespace {

struct Pairs {
  static constexpr size_t bytes = 32;
  [[gnu::always_inline]] static __m512i load(const int8_t* p) {
    return _mm512_cvtepi8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
  }
  [[gnu::always_inline]] static __m512i load_first(const int8_t* p, size_t n) {
    const auto mask = static_cast<__mmask32>((uint64_t{1} << n) - 1);
    return _mm512_cvtepi8_epi16(_mm256_maskz_loadu_epi8(mask, p));
  }
  [[gnu::always_inline]] static __m512i dot(__m512i sum, __m512i a, __m512i b) {
    return _mm512_add_epi32(sum, _mm512_madd_epi16(a, b));
  }
};

}  // namespace

const GemvKernel gemv = make_gemv<Wide, Pairs>();

}  // namespace wherry::kernels::x86_avx512
