// The forms of lookup_kernel.h, best first.
#pragma once

#include "kernels/elementwise/lookup_kernel.h"
#include "kernels/variant.h"

namespace wherry::kernels {

inline constexpr Variant<LookupKernel*> lookup_variants[] = {
#if defined(__x86_64__)
    {"vnni", cpu::vnni, x86_vnni::lookup},
    {"avx2", cpu::avx2, x86_avx2::lookup},
#endif
    {"scalar", cpu::none, scalar::lookup}};

}  // namespace wherry::kernels
