// 8-bit arithmetic with AVX2.
#include "kernels/elementwise/binary_i8_body.h"
#include "kernels/simd/vec_avx2.h"

namespace wherry::kernels::x86_avx2 {

const BinaryI8Kernel binary_i8 = make_binary_i8<Wide>();

}  // namespace wherry::kernels::x86_avx2
