// Float arithmetic with broadcasting with AVX2.
#include "kernels/elementwise/binary_f32_body.h"
#include "kernels/simd/vec_avx2.h"

namespace wherry::kernels::x86_avx2 {

const BinaryF32Kernel binary_f32 = make_binary_f32<Wide>();

}  // namespace wherry::kernels::x86_avx2
