// The forms of unary_f32_kernel.h, best first.
#pragma once

#include "kernels/elementwise/unary_f32_kernel.h"
#include "kernels/variant.h"

namespace wherry::kernels {

inline constexpr Variant<const UnaryF32Kernel*> unary_f32_variants[] = {
#if defined(__x86_64__)
    {"avx512", cpu::avx512, &x86_avx512::unary_f32},
    {"avx2", cpu::avx2, &x86_avx2::unary_f32},
#endif
    {"scalar", cpu::none, &scalar::unary_f32}};

}  // namespace wherry::kernels
