// Bilinear interpolation in plain C++.
#include "kernels/resize/resize_body.h"
#include "kernels/simd/vec_scalar.h"

namespace wherry::kernels::scalar {

const ResizeKernel resize = make_resize<Wide>();

}  // namespace wherry::kernels::scalar
