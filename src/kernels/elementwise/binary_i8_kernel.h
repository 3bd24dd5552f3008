// Arithmetic on two 8-bit operands, with the rounding of XNNPACK.
//
//   sum:      y = clamp(floor((a * a_factor + b * b_factor + bias) / 2^shift) + y_zero, low, high)
//   product:  y = clamp(round((a - a_zero) * (b - b_zero) * scale), ties to even, + y_zero, ...)
//
// The bias of a sum holds one half of 2^shift and the zero points of the operands.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wherry::kernels {

enum class IntegerOp { sum, multiply };
constexpr size_t integer_op_count = 2;

/// Rows, columns and steps as in BinaryF32, in bytes.
struct BinaryI8 {
  const uint8_t* a;
  const uint8_t* b;
  uint8_t* y;
  size_t rows = 1, columns;
  size_t a_row = 0, b_row = 0;
  size_t a_column = 1, b_column = 1;
  bool is_signed;
  int32_t a_zero = 0, b_zero = 0;      ///< of products
  float scale = 0;                     ///< of products
  int32_t a_factor = 0, b_factor = 0;  ///< of sums, below 2^22
  int32_t bias = 0;                    ///< of sums
  int shift = 0;                       ///< of sums, below 31
  int32_t y_zero;
  int32_t low, high;  ///< of the result
};

struct BinaryI8Kernel {
  using Run = void(const BinaryI8&);
  Run* run[integer_op_count];
};

namespace scalar {
extern const BinaryI8Kernel binary_i8;
}
namespace x86_avx2 {
extern const BinaryI8Kernel binary_i8;
}
namespace x86_avx512 {
extern const BinaryI8Kernel binary_i8;
}

}  // namespace wherry::kernels
