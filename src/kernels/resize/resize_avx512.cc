// Bilinear interpolation with AVX-512.
#include "kernels/resize/resize_body.h"
#include "kernels/simd/vec_avx512.h"

namespace wherry::kernels::x86_avx512 {

const ResizeKernel resize = make_resize<Wide>();

}  // namespace wherry::kernels::x86_avx512
