// Arithmetic on two 8-bit operands, exactly as TFLite's integer reference rounds it.
//
//   add, subtract:  t(x) = x's multiplier applied to (x - zero point) * 2^20, y = out's multiplier
//                   applied to t(a) +- t(b), plus the output zero point, clamped
//   multiply:       y = out's multiplier applied to (a - zero) * (b - zero), likewise
//
// A multiplier is a mantissa m of 31 bits and a shift s: x becomes the high half of 2 x 2^left m,
// rounded to nearest, then divided by 2^right, rounded to nearest, ties away from zero.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wherry::kernels {

enum class IntegerOp { add, subtract, multiply };
constexpr size_t integer_op_count = 3;

struct IntegerMultiplier {
  int32_t mantissa = 0;
  int left = 0;  ///< of operands: 0
  int right = 0;
};

/// Rows, columns and steps as in BinaryF32, in bytes.
struct BinaryI8 {
  const uint8_t* a;
  const uint8_t* b;
  uint8_t* y;
  size_t rows = 1, columns;
  size_t a_row = 0, b_row = 0;
  size_t a_column = 1, b_column = 1;
  bool is_signed;
  int32_t a_zero, b_zero, y_zero;
  IntegerMultiplier a_multiplier, b_multiplier, y_multiplier;
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
