// Reductions in plain C++.
#include "kernels/reduce/reduce_body.h"
#include "kernels/simd/vec_scalar.h"

namespace wherry::kernels::scalar {

const ReduceKernel reduce = make_reduce<Wide>();

}  // namespace wherry::kernels::scalar
