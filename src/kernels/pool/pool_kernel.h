// Maximum and average of the pixels under one window: what the inner kernels are given.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wherry::kernels {

/// One output pixel: y[c] = clamp(maximum or average of taps[0..tap_count)[c]); tap_count is at
/// least 1 and holds no padding.
struct PoolF32Pixel {
  const float* const* taps;
  size_t tap_count;
  size_t channels;
  float* y;
  float low, high;
};

/// The same for bytes; averages are rounded half away from zero.
struct PoolI8Pixel {
  const uint8_t* const* taps;
  size_t tap_count;  ///< at most max_pool_i8_taps
  size_t channels;
  uint8_t* y;
  bool is_signed;
  int32_t low, high;
};

/// Up to here sums of bytes are exact in a float.
constexpr size_t max_pool_i8_taps = 65536;

struct PoolKernel {
  void (*maximum_f32)(const PoolF32Pixel&);
  void (*average_f32)(const PoolF32Pixel&);
  void (*maximum_i8)(const PoolI8Pixel&);
  void (*average_i8)(const PoolI8Pixel&);
};

namespace scalar {
extern const PoolKernel pool;
}
namespace x86_avx2 {
extern const PoolKernel pool;
}
namespace x86_avx512 {
extern const PoolKernel pool;
}

}  // namespace wherry::kernels
