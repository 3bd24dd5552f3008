// Reductions with AVX-512.
#include "kernels/reduce/reduce_body.h"
#include "kernels/simd/vec_avx512.h"

namespace wherry::kernels::x86_avx512 {

const ReduceKernel reduce = make_reduce<Wide>();

}  // namespace wherry::kernels::x86_avx512
