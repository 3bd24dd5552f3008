// Float arithmetic with broadcasting with AVX-512.
#include "kernels/elementwise/binary_f32_body.h"
#include "kernels/simd/vec_avx512.h"

namespace wherry::kernels::x86_avx512 {

const BinaryF32Kernel binary_f32 = make_binary_f32<Wide>();

}  // namespace wherry::kernels::x86_avx512
