// The forms of arg_kernel.h, best first.
#pragma once

#include "kernels/arg/arg_kernel.h"
#include "kernels/variant.h"

namespace wherry::kernels {

inline constexpr Variant<FirstLargestKernel*> first_largest_variants[] = {
#if defined(__x86_64__)
    {"avx512", cpu::avx512, x86_avx512::first_largest},
    {"avx2", cpu::avx2, x86_avx2::first_largest},
#endif
    {"scalar", cpu::none, scalar::first_largest}};

}  // namespace wherry::kernels
