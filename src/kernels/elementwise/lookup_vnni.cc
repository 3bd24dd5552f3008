// Table lookup of bytes with AVX-512 VBMI: two permutations of 128 entries.
#include <immintrin.h>

#include "kernels/elementwise/lookup_kernel.h"

namespace wherry::kernels::x86_vnni {

void lookup(const Lookup& l) {
  const __m512i t0 = _mm512_loadu_si512(l.table), t1 = _mm512_loadu_si512(l.table + 64);
  const __m512i t2 = _mm512_loadu_si512(l.table + 128), t3 = _mm512_loadu_si512(l.table + 192);
  for (size_t i = 0; i < l.count; i += 64) {
    const size_t left = l.count - i;
    const __mmask64 mask = left >= 64 ? ~__mmask64{0} : (__mmask64{1} << left) - 1;
    const __m512i x = _mm512_maskz_loadu_epi8(mask, l.x + i);
    const __m512i low = _mm512_permutex2var_epi8(t0, x, t1);
    const __m512i high = _mm512_permutex2var_epi8(t2, x, t3);
    _mm512_mask_storeu_epi8(l.y + i, mask,
                            _mm512_mask_blend_epi8(_mm512_movepi8_mask(x), low, high));
  }
}

}  // namespace wherry::kernels::x86_vnni
