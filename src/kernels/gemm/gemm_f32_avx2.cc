// The float matrix product with AVX2: 6 rows of 16 columns, or 4 of 24, fill the 16 registers.
#include "kernels/gemm/gemm_f32_body.h"
#include "kernels/simd/vec_avx2.h"

namespace wherry::kernels::x86_avx2 {
namespace {

template <size_t units, size_t rows>
constexpr GemmF32Kernel::Run* tile = &GemmF32Body<Wide, Wide, rows, units, 0>::run;

constexpr uint8_t best_rows[] = {8, 6, 4};
constexpr GemmF32Kernel::Run* tiles[] = {
    tile<1, 1>, tile<1, 2>, tile<1, 4>, tile<1, 4>, tile<1, 8>, tile<1, 8>, tile<1, 8>, tile<1, 8>,
    tile<2, 1>, tile<2, 2>, tile<2, 4>, tile<2, 4>, tile<2, 6>, tile<2, 6>, nullptr,    nullptr,
    tile<3, 1>, tile<3, 2>, tile<3, 4>, tile<3, 4>, nullptr,    nullptr,    nullptr,    nullptr};

}  // namespace

const GemmF32Kernel gemm_f32 = {
    .grain = 1, .max_units = 3, .rows = best_rows, .tiles = tiles, .pitch = 8};

}  // namespace wherry::kernels::x86_avx2
