// The forms of quantize_kernel.h, best first.
#pragma once

#include "kernels/quantize/quantize_kernel.h"
#include "kernels/variant.h"

namespace wherry::kernels {

inline constexpr Variant<const QuantizeKernel*> quantize_variants[] = {
#if defined(__x86_64__)
    {"avx512", cpu::avx512, &x86_avx512::quantize},
    {"avx2", cpu::avx2, &x86_avx2::quantize},
#endif
    {"scalar", cpu::none, &scalar::quantize}};

}  // namespace wherry::kernels
