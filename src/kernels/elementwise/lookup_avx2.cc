// Table lookup of bytes with AVX2: the table in 16 vectors, chosen by the high half of the byte.
#include <immintrin.h>

#include "kernels/elementwise/lookup_kernel.h"

namespace wherry::kernels::x86_avx2 {

void lookup(const Lookup& l) {
  __m256i rows[16];
  for (int i = 0; i < 16; ++i)
    rows[i] = _mm256_broadcastsi128_si256(
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(l.table + 16 * i)));
  size_t i = 0;
  for (; i + 32 <= l.count; i += 32) {
    __m256i x = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(l.x + i));
    // Row r is right where x - 16 r is from 0 to 15. Adding 112 with saturation sets the top bit,
    // at which a shuffle gives 0, for every other value.
    __m256i y = _mm256_setzero_si256();
#pragma GCC unroll 16
    for (const __m256i& row : rows) {
      y = _mm256_or_si256(y, _mm256_shuffle_epi8(row, _mm256_adds_epu8(x, _mm256_set1_epi8(112))));
      x = _mm256_sub_epi8(x, _mm256_set1_epi8(16));
    }
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(l.y + i), y);
  }
  for (; i < l.count; ++i) l.y[i] = l.table[l.x[i]];
}

}  // namespace wherry::kernels::x86_avx2
