// Quantisation with AVX2.
#include "kernels/quantize/quantize_body.h"
#include "kernels/simd/vec_avx2.h"

namespace wherry::kernels::x86_avx2 {

const QuantizeKernel quantize = make_quantize<Wide>();

}  // namespace wherry::kernels::x86_avx2
