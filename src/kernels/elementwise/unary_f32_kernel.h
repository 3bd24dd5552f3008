// Functions of one float: what they are given.
#pragma once

#include <cstddef>

namespace wherry::kernels {

enum class UnaryOp {
  clamp,       ///< to [p, q]
  leaky_relu,  ///< x below 0: p * x
  elu,         ///< x below 0: e^x - 1
  exp,
  logistic,
  tanh,
  hard_swish,  ///< x * clamp(x + 3, 0, 6) / 6
  gelu,
  gelu_tanh,
  sqrt,
  rsqrt,
  square,
  negate,
  abs,
};
constexpr size_t unary_op_count = 14;

/// y[i] = op(x[i]); y may be x.
struct UnaryF32 {
  const float* x;
  float* y;
  size_t count;
  float p = 0, q = 0;  ///< parameters
};

struct UnaryF32Kernel {
  using Run = void(const UnaryF32&);
  Run* run[unary_op_count];
};

namespace scalar {
extern const UnaryF32Kernel unary_f32;
}
namespace x86_avx2 {
extern const UnaryF32Kernel unary_f32;
}
namespace x86_avx512 {
extern const UnaryF32Kernel unary_f32;
}

}  // namespace wherry::kernels
