// Reductions with AVX2.
#include "kernels/reduce/reduce_body.h"
#include "kernels/simd/vec_avx2.h"

namespace wherry::kernels::x86_avx2 {

const ReduceKernel reduce = make_reduce<Wide>();

}  // namespace wherry::kernels::x86_avx2
