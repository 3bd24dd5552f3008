// Quantisation in plain C++.
#include "kernels/quantize/quantize_body.h"
#include "kernels/simd/vec_scalar.h"

namespace wherry::kernels::scalar {

const QuantizeKernel quantize = make_quantize<Wide>();

}  // namespace wherry::kernels::scalar
