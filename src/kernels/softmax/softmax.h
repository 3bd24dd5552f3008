// The forms of softmax_kernel.h, best first.
#pragma once

#include "kernels/softmax/softmax_kernel.h"
#include "kernels/variant.h"

namespace wherry::kernels {

inline constexpr Variant<const SoftmaxKernel*> softmax_f32_variants[] = {
#if defined(__x86_64__)
    {"avx512", cpu::avx512, &x86_avx512::softmax_f32},
    {"avx2", cpu::avx2, &x86_avx2::softmax_f32},
#endif
    {"scalar", cpu::none, &scalar::softmax_f32}};

}  // namespace wherry::kernels
