// Finds the pixels under each window and hands them to the inner kernels.
#include "kernels/pool/pool.h"

namespace wherry::kernels {
namespace {

/// Calls use(taps, out) for each output pixel, with the number of taps on the image.
template <class T, class Use>
void for_each_pixel(const Pool<T>& pool, Use use) {
  const Window& w = pool.window;
  T* out = pool.out + pool.line_begin * w.out_width * w.channels;
  for (size_t line = pool.line_begin; line < pool.line_end; ++line) {
    const WindowRun run{w, line / w.out_height, line % w.out_height, 0, w.out_width};
    for (size_t x = 0; x < w.out_width; ++x, out += w.channels) {
      size_t taps = 0;
      for (size_t ky = 0; ky < w.kernel_height; ++ky) {
        const T* from = run.line(pool.input, ky);
        if (!from) continue;
        for (size_t kx = 0; kx < w.kernel_width; ++kx) {
          const size_t column = run.column(x, kx);
          if (column < w.in_width) pool.scratch[taps++] = from + column * w.pixel_stride;
        }
      }
      use(taps, out);
    }
  }
}

}  // namespace

void pool_f32(const PoolKernel& kernel, const Pool<float>& pool, float low, float high) {
  const auto run = pool.average ? kernel.average_f32 : kernel.maximum_f32;
  for_each_pixel(pool, [&](size_t taps, float* out) {
    run({pool.scratch, taps, pool.window.channels, out, low, high});
  });
}

void pool_i8(const PoolKernel& kernel, const Pool<uint8_t>& pool, const PoolI8Range& range) {
  const auto run = pool.average ? kernel.average_i8 : kernel.maximum_i8;
  for_each_pixel(pool, [&](size_t taps, uint8_t* out) {
    run({pool.scratch, taps, pool.window.channels, out, range.is_signed, range.low, range.high});
  });
}

}  // namespace wherry::kernels
