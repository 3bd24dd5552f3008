// Functions of one float with AVX-512.
#include "kernels/elementwise/unary_f32_body.h"
#include "kernels/simd/vec_avx512.h"

namespace wherry::kernels::x86_avx512 {

const UnaryF32Kernel unary_f32 = make_unary_f32<Wide>();

}  // namespace wherry::kernels::x86_avx512
