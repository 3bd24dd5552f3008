// The forms of reduce_kernel.h, best first.
#pragma once

#include "kernels/reduce/reduce_kernel.h"
#include "kernels/variant.h"

namespace wherry::kernels {

inline constexpr Variant<const ReduceKernel*> reduce_variants[] = {
#if defined(__x86_64__)
    {"avx512", cpu::avx512, &x86_avx512::reduce},
    {"avx2", cpu::avx2, &x86_avx2::reduce},
#endif
    {"scalar", cpu::none, &scalar::reduce}};

}  // namespace wherry::kernels
