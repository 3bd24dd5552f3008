// Softmax with AVX2.
#include "kernels/simd/vec_avx2.h"
#include "kernels/softmax/softmax_body.h"

namespace wherry::kernels::x86_avx2 {

const SoftmaxKernel softmax_f32 = make_softmax<Wide>();

}  // namespace wherry::kernels::x86_avx2
