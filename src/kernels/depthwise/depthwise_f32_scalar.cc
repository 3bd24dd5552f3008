// The float depthwise convolution in plain C++.
#include "kernels/depthwise/depthwise_f32_body.h"
#include "kernels/simd/vec_scalar.h"

namespace wherry::kernels::scalar {

const DepthwiseF32Kernel depthwise_f32 = make_depthwise_f32<Wide, 1>();

}  // namespace wherry::kernels::scalar
