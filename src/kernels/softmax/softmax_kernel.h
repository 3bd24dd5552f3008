// Softmax and log-softmax of rows of floats: what the kernels are given.
#pragma once

#include <cstddef>

namespace wherry::kernels {

/// y = exp(beta * (x - m)) / sum of the same, per row, m being the largest element; or the
/// logarithm of that. y may be x.
struct SoftmaxF32 {
  const float* x;
  float* y;
  size_t rows, columns;
  float beta = 1;
};

struct SoftmaxKernel {
  void (*softmax)(const SoftmaxF32&);
  void (*log_softmax)(const SoftmaxF32&);  ///< beta 1
};

namespace scalar {
extern const SoftmaxKernel softmax_f32;
}
namespace x86_avx2 {
extern const SoftmaxKernel softmax_f32;
}
namespace x86_avx512 {
extern const SoftmaxKernel softmax_f32;
}

}  // namespace wherry::kernels
