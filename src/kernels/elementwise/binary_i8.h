// The forms of binary_i8_kernel.h, best first.
#pragma once

#include "kernels/elementwise/binary_i8_kernel.h"
#include "kernels/variant.h"

namespace wherry::kernels {

inline constexpr Variant<const BinaryI8Kernel*> binary_i8_variants[] = {
#if defined(__x86_64__)
    {"avx512", cpu::avx512, &x86_avx512::binary_i8},
    {"avx2", cpu::avx2, &x86_avx2::binary_i8},
#endif
    {"scalar", cpu::none, &scalar::binary_i8}};

}  // namespace wherry::kernels
