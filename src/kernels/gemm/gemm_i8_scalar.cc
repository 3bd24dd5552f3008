// The 8-bit matrix product in plain C++: tiles of 4 rows and 8 columns, pairs of int16.
#include "kernels/gemm/gemm_i8_body.h"
#include "kernels/simd/vec_scalar.h"

namespace wherry::kernels::scalar {
namespace {

struct Pairs : Wide {
  static Int group(const void* p) {
    Int pair;
    __builtin_memcpy(&pair, p, 4);
    return pair;
  }
  static Int dot(Int sum, Int left, Int right) { return add_pairs(sum, left, right); }
};

void convert(const GemmI8Convert& c) {
  for (size_t i = 0; i < c.count; ++i) {
    const int32_t x = c.is_signed ? static_cast<int8_t>(c.from[i]) : c.from[i];
    const auto y = static_cast<int16_t>(x - c.zero_point);
    __builtin_memcpy(c.to + 2 * i, &y, 2);
  }
}

template <bool floats, size_t rows>
constexpr GemmI8Kernel::Run* tile = &GemmI8Body<Pairs, Pairs, floats, rows, 8, 0>::run;

constexpr uint8_t best_rows[] = {4};
constexpr GemmI8Kernel::Run* to_bytes[] = {tile<false, 1>, tile<false, 2>, tile<false, 4>,
                                           tile<false, 4>};
constexpr GemmI8Kernel::Run* to_floats[] = {tile<true, 1>, tile<true, 2>, tile<true, 4>,
                                            tile<true, 4>};

}  // namespace

const GemmI8Kernel gemm_i8 = {.grain = 1,
                              .max_units = 1,
                              .rows = best_rows,
                              .left_bytes = 2,
                              .convert = convert,
                              .sum = nullptr,
                              .to_bytes = to_bytes,
                              .to_floats = to_floats,
                              .pitch = 4};

}  // namespace wherry::kernels::scalar
