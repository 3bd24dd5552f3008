// Sums and extremes along rows or columns of a matrix: what the kernels are given.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wherry::kernels {

enum class Reduction { sum, maximum, minimum };

/// x has `rows` rows of `columns` elements, both at least 1.
/// over_rows:    y[c] = scale * sum over r of x[r][c]      (extremes: no scale)
/// over_columns: y[r] = scale * sum over c of x[r][c]
struct ReduceF32 {
  const float* x;
  float* y;
  size_t rows, columns;
  Reduction reduction;
  float scale = 1;
};

/// Sums of bytes; columns times 255 (over_columns), rows times 255 (over_rows) must fit int32.
struct SumI8 {
  const uint8_t* x;
  int32_t* y;
  size_t rows, columns;
  bool is_signed;
};

struct ReduceKernel {
  void (*over_rows_f32)(const ReduceF32&);
  void (*over_columns_f32)(const ReduceF32&);
  void (*over_rows_i8)(const SumI8&);
  void (*over_columns_i8)(const SumI8&);
};

namespace scalar {
extern const ReduceKernel reduce;
}
namespace x86_avx2 {
extern const ReduceKernel reduce;
}
namespace x86_avx512 {
extern const ReduceKernel reduce;
}

}  // namespace wherry::kernels
