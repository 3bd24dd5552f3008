// The forms of binary_f32_kernel.h, best first.
#pragma once

#include "kernels/elementwise/binary_f32_kernel.h"
#include "kernels/variant.h"

namespace wherry::kernels {

inline constexpr Variant<const BinaryF32Kernel*> binary_f32_variants[] = {
#if defined(__x86_64__)
    {"avx512", cpu::avx512, &x86_avx512::binary_f32},
    {"avx2", cpu::avx2, &x86_avx2::binary_f32},
#endif
    {"scalar", cpu::none, &scalar::binary_f32}};

}  // namespace wherry::kernels
