// The 8-bit matrix product with AVX-512 VNNI: vpdpbusd, 4 products of bytes per lane.
#include "kernels/gemm/gemm_i8_body.h"
#include "kernels/gemm/gemm_tiles_avx512.h"
#include "kernels/simd/vec_avx512.h"

namespace wherry::kernels::x86_vnni {
namespace {

using x86_avx512::Half;
using x86_avx512::Wide;

[[gnu::always_inline]] inline int32_t quad_at(const void* p) {
  int32_t quad;
  __builtin_memcpy(&quad, p, 4);
  return quad;
}

struct WideQuads : Wide {
  [[gnu::always_inline]] static Int group(const void* p) { return _mm512_set1_epi32(quad_at(p)); }
  [[gnu::always_inline]] static Int dot(Int sum, Int left, Int right) {
    return _mm512_dpbusd_epi32(sum, left, right);
  }
};
struct HalfQuads : Half {
  [[gnu::always_inline]] static Int group(const void* p) { return _mm256_set1_epi32(quad_at(p)); }
  [[gnu::always_inline]] static Int dot(Int sum, Int left, Int right) {
    return _mm256_dpbusd_epi32(sum, left, right);
  }
};

/// Signed bytes become unsigned by adding 128; the packed weights make up for it.
void convert(const GemmI8Convert& c) {
  const __m512i flip = _mm512_set1_epi8(c.is_signed ? static_cast<char>(0x80) : 0);
  for (size_t i = 0; i < c.count; i += 64) {
    const size_t left = c.count - i;
    const __mmask64 mask = left >= 64 ? ~__mmask64{0} : (__mmask64{1} << left) - 1;
    const __m512i x = _mm512_maskz_loadu_epi8(mask, c.from + i);
    _mm512_mask_storeu_epi8(c.to + i, mask, _mm512_xor_si512(x, flip));
  }
}

int32_t sum(const uint8_t* converted, size_t count) {
  const __m512i ones = _mm512_set1_epi8(1);
  __m512i sums = _mm512_setzero_si512();
  for (size_t i = 0; i < count; i += 64) {
    const size_t left = count - i;
    const __mmask64 mask = left >= 64 ? ~__mmask64{0} : (__mmask64{1} << left) - 1;
    sums = _mm512_dpbusd_epi32(sums, _mm512_maskz_loadu_epi8(mask, converted + i), ones);
  }
  return _mm512_reduce_add_epi32(sums);
}

template <size_t units, size_t rows>
using ToBytes = GemmI8Body<WideQuads, HalfQuads, false, rows, units / 2, units % 2>;
template <size_t units, size_t rows>
using ToFloats = GemmI8Body<WideQuads, HalfQuads, true, rows, units / 2, units % 2>;
constexpr auto to_bytes = x86_avx512::tile_table<GemmI8Kernel::Run, ToBytes>();
constexpr auto to_floats = x86_avx512::tile_table<GemmI8Kernel::Run, ToFloats>();

}  // namespace

const GemmI8Kernel gemm_i8 = {.grain = x86_avx512::tile_grain,
                              .max_units = x86_avx512::tile_max_units,
                              .rows = x86_avx512::tile_best_rows,
                              .left_bytes = 1,
                              .convert = convert,
                              .sum = sum,
                              .to_bytes = to_bytes.run,
                              .to_floats = to_floats.run,
                              .pitch = x86_avx512::tile_pitch};

}  // namespace wherry::kernels::x86_vnni
