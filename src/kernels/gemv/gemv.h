// The forms of gemv_kernel.h, best first.
#pragma once

#include "kernels/gemv/gemv_kernel.h"
#include "kernels/variant.h"

namespace wherry::kernels {

inline constexpr Variant<const GemvKernel*> gemv_variants[] = {
#if defined(__x86_64__)
    {"avx512", cpu::avx512, &x86_avx512::gemv},
    {"avx2", cpu::avx2, &x86_avx2::gemv},
#endif
    {"scalar", cpu::none, &scalar::gemv}};

}  // namespace wherry::kernels
