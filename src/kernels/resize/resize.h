// The forms of resize_kernel.h, best first.
#pragma once

#include "kernels/resize/resize_kernel.h"
#include "kernels/variant.h"

namespace wherry::kernels {

inline constexpr Variant<const ResizeKernel*> resize_variants[] = {
#if defined(__x86_64__)
    {"avx512", cpu::avx512, &x86_avx512::resize},
    {"avx2", cpu::avx2, &x86_avx2::resize},
#endif
    {"scalar", cpu::none, &scalar::resize}};

}  // namespace wherry::kernels
