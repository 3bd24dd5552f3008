// Arithmetic on two float operands with broadcasting over rows and columns: what it is given.
#pragma once

#include <cstddef>

namespace wherry::kernels {

enum class BinaryOp {
  add,
  subtract,
  multiply,
  divide,
  maximum,
  minimum,
  squared_difference,
  prelu,  ///< a below 0: a * b
};
constexpr size_t binary_op_count = 8;

/// y[r][c] = clamp(op(a[r * a_row + c * a_column], b[r * b_row + c * b_column]), low, high) for
/// r below rows and c below columns. A column step is 1, or 0 for a scalar; y is dense. y may be a
/// or b itself where that operand is dense too.
struct BinaryF32 {
  const float* a;
  const float* b;
  float* y;
  size_t rows = 1, columns;
  size_t a_row = 0, b_row = 0;
  size_t a_column = 1, b_column = 1;
  float low, high;
};

struct BinaryF32Kernel {
  using Run = void(const BinaryF32&);
  Run* run[binary_op_count];
};

namespace scalar {
extern const BinaryF32Kernel binary_f32;
}
namespace x86_avx2 {
extern const BinaryF32Kernel binary_f32;
}
namespace x86_avx512 {
extern const BinaryF32Kernel binary_f32;
}

}  // namespace wherry::kernels
