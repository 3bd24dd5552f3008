// The 8-bit matrix product with AVX2: vpmaddwd on int16, which is exact for all values.
#include "kernels/gemm/gemm_i8_body.h"
#include "kernels/simd/vec_avx2.h"

namespace wherry::kernels::x86_avx2 {
namespace {

struct Pairs : Wide {
  [[gnu::always_inline]] static Int group(const void* p) {
    int32_t pair;
    __builtin_memcpy(&pair, p, 4);
    return _mm256_set1_epi32(pair);
  }
  [[gnu::always_inline]] static Int dot(Int sum, Int left, Int right) {
    return _mm256_add_epi32(sum, _mm256_madd_epi16(left, right));
  }
};

void convert(const GemmI8Convert& c) {
  const __m256i zero_point = _mm256_set1_epi16(static_cast<int16_t>(c.zero_point));
  size_t i = 0;
  for (; i + 16 <= c.count; i += 16) {
    const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(c.from + i));
    const __m256i wide = c.is_signed ? _mm256_cvtepi8_epi16(x) : _mm256_cvtepu8_epi16(x);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(c.to + 2 * i),
                        _mm256_sub_epi16(wide, zero_point));
  }
  for (; i < c.count; ++i) {
    const int32_t x = c.is_signed ? static_cast<int8_t>(c.from[i]) : c.from[i];
    const auto y = static_cast<int16_t>(x - c.zero_point);
    __builtin_memcpy(c.to + 2 * i, &y, 2);
  }
}

template <bool floats, size_t units, size_t rows>
constexpr GemmI8Kernel::Run* tile = &GemmI8Body<Pairs, Pairs, floats, rows, units, 0>::run;

struct Lines {
  GemmI8Kernel::Run* run[16];
};
template <bool floats>
constexpr Lines lines = {{tile<floats, 1, 1>, tile<floats, 1, 2>, tile<floats, 1, 4>,
                          tile<floats, 1, 4>, tile<floats, 1, 8>, tile<floats, 1, 8>,
                          tile<floats, 1, 8>, tile<floats, 1, 8>, tile<floats, 2, 1>,
                          tile<floats, 2, 2>, tile<floats, 2, 4>, tile<floats, 2, 4>,
                          tile<floats, 2, 6>, tile<floats, 2, 6>, nullptr, nullptr}};
constexpr uint8_t best_rows[] = {8, 6};

}  // namespace

const GemmI8Kernel gemm_i8 = {.grain = 1,
                              .max_units = 2,
                              .rows = best_rows,
                              .left_bytes = 2,
                              .convert = convert,
                              .sum = nullptr,
                              .to_bytes = lines<false>.run,
                              .to_floats = lines<true>.run,
                              .pitch = 8};

}  // namespace wherry::kernels::x86_avx2
