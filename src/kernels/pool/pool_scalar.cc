// Pooling in plain C++.
#include "kernels/pool/pool_body.h"
#include "kernels/simd/vec_scalar.h"

namespace wherry::kernels::scalar {

const PoolKernel pool = make_pool<Wide>();

}  // namespace wherry::kernels::scalar
