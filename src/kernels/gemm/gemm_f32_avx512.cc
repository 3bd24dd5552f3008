// The float matrix product with AVX-512: 24 of the 32 registers hold sums.
#include "kernels/gemm/gemm_f32_body.h"
#include "kernels/simd/vec_avx512.h"

namespace wherry::kernels::x86_avx512 {
namespace {

template <size_t units, size_t rows>
constexpr GemmF32Kernel::Run* tile = &GemmF32Body<Wide, Half, rows, units / 2, units % 2>::run;

/// The smallest tile of those rows or more, for a panel whose best tile has `best` rows.
template <size_t units, size_t best, size_t rows>
constexpr GemmF32Kernel::Run* pick() {
  if constexpr (rows > best)
    return nullptr;
  else if constexpr (rows > 8)
    return tile<units, 12>;
  else if constexpr (rows > 6 || (rows > 4 && best > 6))
    return tile<units, 8>;
  else if constexpr (rows > 4)
    return tile<units, 6>;
  else if constexpr (rows > 2)
    return tile<units, 4>;
  else
    return tile<units, rows>;
}

struct Line {
  GemmF32Kernel::Run* run[12];
};
template <size_t units, size_t best>
constexpr Line line = {{pick<units, best, 1>(), pick<units, best, 2>(), pick<units, best, 3>(),
                        pick<units, best, 4>(), pick<units, best, 5>(), pick<units, best, 6>(),
                        pick<units, best, 7>(), pick<units, best, 8>(), pick<units, best, 9>(),
                        pick<units, best, 10>(), pick<units, best, 11>(), pick<units, best, 12>()}};

constexpr uint8_t best_rows[] = {12, 12, 12, 12, 8, 8, 6, 6};
constexpr Line tiles[] = {line<1, 12>, line<2, 12>, line<3, 12>, line<4, 12>,
                          line<5, 8>,  line<6, 8>,  line<7, 6>,  line<8, 6>};

}  // namespace

const GemmF32Kernel gemm_f32 = {
    .grain = 2, .max_units = 8, .rows = best_rows, .tiles = tiles[0].run, .pitch = 12};

}  // namespace wherry::kernels::x86_avx512
