// Bilinear interpolation with AVX2.
#include "kernels/resize/resize_body.h"
#include "kernels/simd/vec_avx2.h"

namespace wherry::kernels::x86_avx2 {

const ResizeKernel resize = make_resize<Wide>();

}  // namespace wherry::kernels::x86_avx2
