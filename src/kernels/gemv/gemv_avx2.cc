// Products with one vector with AVX2; bytes are widened to words, whose products are exact.
#include "kernels/gemv/gemv_body.h"
#include "kernels/simd/vec_avx2.h"

namespace wherry::kernels::x86_avx2 {
namespace {

struct Pairs {
  static constexpr size_t bytes = 16;
  [[gnu::always_inline]] static __m256i load(const int8_t* p) {
    return _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
  }
  [[gnu::always_inline]] static __m256i load_first(const int8_t* p, size_t n) {
    int8_t some[16] = {};
    for (size_t i = 0; i < n && i < 16; ++i) some[i] = p[i];
    return load(some);
  }
  [[gnu::always_inline]] static __m256i dot(__m256i sum, __m256i a, __m256i b) {
    return _mm256_add_epi32(sum, _mm256_madd_epi16(a, b));
  }
};

}  // namespace

const GemvKernel gemv = make_gemv<Wide, Pairs>();

}  // namespace wherry::kernels::x86_avx2
