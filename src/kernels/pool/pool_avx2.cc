// Pooling with AVX2.
#include "kernels/pool/pool_body.h"
#include "kernels/simd/vec_avx2.h"

namespace wherry::kernels::x86_avx2 {

const PoolKernel pool = make_pool<Wide>();

}  // namespace wherry::kernels::x86_avx2
