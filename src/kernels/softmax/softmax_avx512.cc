// Softmax with AVX-512.
#include "kernels/simd/vec_avx512.h"
#include "kernels/softmax/softmax_body.h"

namespace wherry::kernels::x86_avx512 {

const SoftmaxKernel softmax_f32 = make_softmax<Wide>();

}  // namespace wherry::kernels::x86_avx512
