// Functions of one float with AVX2.
#include "kernels/elementwise/unary_f32_body.h"
#include "kernels/simd/vec_avx2.h"

namespace wherry::kernels::x86_avx2 {

const UnaryF32Kernel unary_f32 = make_unary_f32<Wide>();

}  // namespace wherry::kernels::x86_avx2
