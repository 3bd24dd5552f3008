// Products of a matrix with one vector, the matrix as it is stored, row by row: what is given.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wherry::kernels {

/// y[r] = clamp(start[r] + sum over c of matrix[r][c] * x[c], low, high); y may be start.
struct GemvF32 {
  const float* matrix;
  size_t rows, columns;
  const float* x;
  const float* start;  ///< null: zeros
  float* y;
  float low, high;
};

/// y[r] = start[r] + sum over c of matrix[r][c] * x[c], wrapping as 32 bits; y may be start.
struct GemvI8 {
  const int8_t* matrix;
  size_t rows, columns;
  const int8_t* x;
  const int32_t* start;
  int32_t* y;
};

struct GemvKernel {
  void (*f32)(const GemvF32&);
  void (*i8)(const GemvI8&);
};

namespace scalar {
extern const GemvKernel gemv;
}
namespace x86_avx2 {
extern const GemvKernel gemv;
}
namespace x86_avx512 {
extern const GemvKernel gemv;
}

}  // namespace wherry::kernels
