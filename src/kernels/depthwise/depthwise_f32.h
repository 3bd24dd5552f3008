// Float depthwise convolution with one output channel per input channel, any kernel, stride and
// dilation.
//
//   out[y][x][c] = clamp(bias[c] + sum over taps t of input(y, x, t)[c] * weights[t][c])
//
// Weights and bias are read where they are: [kernel_height][kernel_width][channels].
#pragma once

#include "base/aligned_buffer.h"
#include "kernels/depthwise/depthwise_f32_kernel.h"
#include "kernels/variant.h"
#include "kernels/window.h"

namespace wherry::kernels {

inline constexpr Variant<const DepthwiseF32Kernel*> depthwise_f32_variants[] = {
#if defined(__x86_64__)
    {"avx512", cpu::avx512, &x86_avx512::depthwise_f32},
    {"avx2", cpu::avx2, &x86_avx2::depthwise_f32},
#endif
    {"scalar", cpu::none, &scalar::depthwise_f32}};

/// The widest form whose vectors the channels fill.
const Variant<const DepthwiseF32Kernel*>& choose_depthwise_f32(size_t channels,
                                                               Cpu have = cpu::detect());

class DepthwiseF32 {
 public:
  struct Options {
    Window window;
    float low, high;  ///< the result is clamped to this range
    const Variant<const DepthwiseF32Kernel*>* variant = nullptr;  ///< none: the best one
  };
  /// Output lines (of all images, one after another) to compute, and with what.
  struct Part {
    const float* input;
    float* out;
    size_t line_begin, line_end;
    const float* weights;
    const float* bias;  ///< none: zeros
    void* scratch;      ///< scratch_bytes(), aligned to 64; no other thread uses it meanwhile
  };

  explicit DepthwiseF32(const Options& options);

  /// False when there was not enough memory.
  explicit operator bool() const { return static_cast<bool>(zeros_); }
  size_t scratch_bytes() const;
  void run(const Part& part) const;

 private:
  DepthwiseF32Block block(const Part& part, size_t line) const;
  void run_unrolled(const Part& part, size_t line, size_t lines) const;
  void run_any_size(const Part& part, size_t line) const;

  Window window_;
  const DepthwiseF32Kernel* kernel_;
  float low_, high_;
  DepthwiseF32Kernel::Run* const (*unrolled_)[max_block_columns] = nullptr;
  AlignedBuffer zeros_;
};

}  // namespace wherry::kernels
