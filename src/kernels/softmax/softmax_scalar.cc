// Softmax in plain C++.
#include "kernels/simd/vec_scalar.h"
#include "kernels/softmax/softmax_body.h"

namespace wherry::kernels::scalar {

const SoftmaxKernel softmax_f32 = make_softmax<Wide>();

}  // namespace wherry::kernels::scalar
