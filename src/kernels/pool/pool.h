// Two-dimensional maximum and average pooling of floats and bytes; padding does not count.
#pragma once

#include "kernels/pool/pool_kernel.h"
#include "kernels/variant.h"
#include "kernels/window.h"

namespace wherry::kernels {

inline constexpr Variant<const PoolKernel*> pool_variants[] = {
#if defined(__x86_64__)
    {"avx512", cpu::avx512, &x86_avx512::pool},
    {"avx2", cpu::avx2, &x86_avx2::pool},
#endif
    {"scalar", cpu::none, &scalar::pool}};

/// Output lines (of all images, one after another) to compute. Every window must touch the image.
template <class T>
struct Pool {
  Window window;
  bool average;
  const T* input;
  T* out;
  size_t line_begin, line_end;
  const T** scratch;  ///< window.taps() pointers
};

void pool_f32(const PoolKernel& kernel, const Pool<float>& pool, float low, float high);

struct PoolI8Range {
  bool is_signed;
  int32_t low, high;
};
void pool_i8(const PoolKernel& kernel, const Pool<uint8_t>& pool, const PoolI8Range& range);

}  // namespace wherry::kernels
