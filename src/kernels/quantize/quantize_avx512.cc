// Quantisation with AVX-512.
#include "kernels/quantize/quantize_body.h"
#include "kernels/simd/vec_avx512.h"

namespace wherry::kernels::x86_avx512 {

const QuantizeKernel quantize = make_quantize<Wide>();

}  // namespace wherry::kernels::x86_avx512
