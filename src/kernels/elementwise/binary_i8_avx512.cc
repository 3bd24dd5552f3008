// 8-bit arithmetic with AVX-512.
#include "kernels/elementwise/binary_i8_body.h"
#include "kernels/simd/vec_avx512.h"

namespace wherry::kernels::x86_avx512 {

const BinaryI8Kernel binary_i8 = make_binary_i8<Wide>();

}  // namespace wherry::kernels::x86_avx512
