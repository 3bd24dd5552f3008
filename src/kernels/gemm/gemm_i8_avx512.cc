// The 8-bit matrix product with AVX-512 but no VNNI: vpmaddwd on int16, exact for all values.
#include "kernels/gemm/gemm_i8_body.h"
#include "kernels/gemm/gemm_tiles_avx512.h"
#include "kernels/simd/vec_avx512.h"

namespace wherry::kernels::x86_avx512 {
namespace {

[[gnu::always_inline]] inline int32_t pair_at(const void* p) {
  int32_t pair;
  __builtin_memcpy(&pair, p, 4);
  return pair;
}

struct WidePairs : Wide {
  [[gnu::always_inline]] static Int group(const void* p) { return _mm512_set1_epi32(pair_at(p)); }
  [[gnu::always_inline]] static Int dot(Int sum, Int left, Int right) {
    return _mm512_add_epi32(sum, _mm512_madd_epi16(left, right));
  }
};
struct HalfPairs : Half {
  [[gnu::always_inline]] static Int group(const void* p) { return _mm256_set1_epi32(pair_at(p)); }
  [[gnu::always_inline]] static Int dot(Int sum, Int left, Int right) {
    return _mm256_add_epi32(sum, _mm256_madd_epi16(left, right));
  }
};

void convert(const GemmI8Convert& c) {
  const __m512i zero_point = _mm512_set1_epi16(static_cast<int16_t>(c.zero_point));
  for (size_t i = 0; i < c.count; i += 32) {
    const size_t left = c.count - i;
    const __mmask32 mask = left >= 32 ? ~__mmask32{0} : (__mmask32{1} << left) - 1;
    const __m256i x = _mm256_maskz_loadu_epi8(mask, c.from + i);
    const __m512i wide = c.is_signed ? _mm512_cvtepi8_epi16(x) : _mm512_cvtepu8_epi16(x);
    _mm512_mask_storeu_epi16(c.to + 2 * i, mask, _mm512_sub_epi16(wide, zero_point));
  }
}

template <size_t units, size_t rows>
using ToBytes = GemmI8Body<WidePairs, HalfPairs, false, rows, units / 2, units % 2>;
template <size_t units, size_t rows>
using ToFloats = GemmI8Body<WidePairs, HalfPairs, true, rows, units / 2, units % 2>;
constexpr auto to_bytes = tile_table<GemmI8Kernel::Run, ToBytes>();
constexpr auto to_floats = tile_table<GemmI8Kernel::Run, ToFloats>();

}  // namespace

const GemmI8Kernel gemm_i8 = {.grain = tile_grain,
                              .max_units = tile_max_units,
                              .rows = tile_best_rows,
                              .left_bytes = 2,
                              .convert = convert,
                              .sum = nullptr,
                              .to_bytes = to_bytes.run,
                              .to_floats = to_floats.run,
                              .pitch = tile_pitch};

}  // namespace wherry::kernels::x86_avx512
