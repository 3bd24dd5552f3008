// Pooling with AVX-512.
#include "kernels/pool/pool_body.h"
#include "kernels/simd/vec_avx512.h"

namespace wherry::kernels::x86_avx512 {

const PoolKernel pool = make_pool<Wide>();

}  // namespace wherry::kernels::x86_avx512
