// The forms of gates_kernel.h, best first.
#pragma once

#include "kernels/gates/gates_kernel.h"
#include "kernels/variant.h"

namespace wherry::kernels {

inline constexpr Variant<const GatesKernel*> gates_variants[] = {
#if defined(__x86_64__)
    {"avx512", cpu::avx512, &x86_avx512::gates},
    {"avx2", cpu::avx2, &x86_avx2::gates},
#endif
    {"scalar", cpu::none, &scalar::gates}};

}  // namespace wherry::kernels
