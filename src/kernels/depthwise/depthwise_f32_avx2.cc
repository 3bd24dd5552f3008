// The float depthwise convolution with AVX2: one row at a time, so that 3x3 weights stay in
// registers.
#include "kernels/depthwise/depthwise_f32_body.h"
#include "kernels/simd/vec_avx2.h"

namespace wherry::kernels::x86_avx2 {

const DepthwiseF32Kernel depthwise_f32 = make_depthwise_f32<Wide, 1>();

}  // namespace wherry::kernels::x86_avx2
