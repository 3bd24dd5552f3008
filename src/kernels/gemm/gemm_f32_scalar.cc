// The float matrix product in plain C++: tiles of 4 rows and 8 columns.
#include "kernels/gemm/gemm_f32_body.h"
#include "kernels/simd/vec_scalar.h"

namespace wherry::kernels::scalar {
namespace {

template <size_t rows>
constexpr GemmF32Kernel::Run* tile = &GemmF32Body<Wide, Wide, rows, 8, 0>::run;
constexpr uint8_t best_rows[] = {4};
constexpr GemmF32Kernel::Run* tiles[] = {tile<1>, tile<2>, tile<4>, tile<4>};

}  // namespace

const GemmF32Kernel gemm_f32 = {
    .grain = 1, .max_units = 1, .rows = best_rows, .tiles = tiles, .pitch = 4};

}  // namespace wherry::kernels::scalar
