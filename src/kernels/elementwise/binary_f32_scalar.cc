// Float arithmetic with broadcasting in plain C++.
#include "kernels/elementwise/binary_f32_body.h"
#include "kernels/simd/vec_scalar.h"

namespace wherry::kernels::scalar {

const BinaryF32Kernel binary_f32 = make_binary_f32<Wide>();

}  // namespace wherry::kernels::scalar
