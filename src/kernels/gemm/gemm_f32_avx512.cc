// The float matrix product with AVX-512.
#include "kernels/gemm/gemm_f32_body.h"
#include "kernels/gemm/gemm_tiles_avx512.h"
#include "kernels/simd/vec_avx512.h"

namespace wherry::kernels::x86_avx512 {
namespace {

template <size_t units, size_t rows>
using Tile = GemmF32Body<Wide, Half, rows, units / 2, units % 2>;
constexpr auto tiles = tile_table<GemmF32Kernel::Run, Tile>();

}  // namespace

const GemmF32Kernel gemm_f32 = {.grain = tile_grain,
                                .max_units = tile_max_units,
                                .rows = tile_best_rows,
                                .tiles = tiles.run,
                                .pitch = tile_pitch};

}  // namespace wherry::kernels::x86_avx512
