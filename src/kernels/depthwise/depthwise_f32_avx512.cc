// The float depthwise convolution with AVX-512: two rows at a time share their input rows.
#include "kernels/depthwise/depthwise_f32_body.h"
#include "kernels/simd/vec_avx512.h"

namespace wherry::kernels::x86_avx512 {

const DepthwiseF32Kernel depthwise_f32 = make_depthwise_f32<Wide, 2>();

}  // namespace wherry::kernels::x86_avx512
