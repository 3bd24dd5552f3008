// Functions of one float in plain C++.
#include "kernels/elementwise/unary_f32_body.h"
#include "kernels/simd/vec_scalar.h"

namespace wherry::kernels::scalar {

const UnaryF32Kernel unary_f32 = make_unary_f32<Wide>();

}  // namespace wherry::kernels::scalar
