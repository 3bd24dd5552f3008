// 8-bit arithmetic in plain C++.
#include "kernels/elementwise/binary_i8_body.h"
#include "kernels/simd/vec_scalar.h"

namespace wherry::kernels::scalar {

const BinaryI8Kernel binary_i8 = make_binary_i8<Wide>();

}  // namespace wherry::kernels::scalar
