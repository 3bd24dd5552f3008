// 8-bit depthwise convolution with one output channel per input channel: int8 or uint8 on both
// sides, zero points on both sides, any kernel, stride and dilation; exact sums on every CPU.
//
//   sum = bias[c] + sum over taps t of (input(y, x, t)[c] - input zero point)
//                                      * (weights[t][c] - weight zero point)
//   out = round to nearest even of sum * scale[c] in float, plus the output zero point, clamped
#pragma once

#include <vector>

#include "base/aligned_buffer.h"
#include "kernels/depthwise/depthwise_i8_kernel.h"
#include "kernels/variant.h"
#include "kernels/window.h"

namespace wherry::kernels {

inline constexpr Variant<const DepthwiseI8Kernel*> depthwise_i8_variants[] = {
#if defined(__x86_64__)
    {"vnni", cpu::vnni, &x86_vnni::depthwise_i8},
    {"avx512", cpu::avx512, &x86_avx512::depthwise_i8},
    {"avx2", cpu::avx2, &x86_avx2::depthwise_i8},
#endif
    {"scalar", cpu::none, &scalar::depthwise_i8}};

struct DepthwiseI8Weights {
  const void* values;  ///< [kernel_height][kernel_width][channels]
  bool is_signed = true;
  int32_t zero_point = 0;
  const int32_t* bias = nullptr;  ///< none: zeros
  const float* scales;            ///< one for each channel
};

class DepthwiseI8 {
 public:
  struct Options {
    Window window;
    bool input_signed = true;
    int32_t input_zero_point = 0, output_zero_point = 0;
    float low, high;  ///< clamp, in multiples of the output scale, zero point taken off
    const Variant<const DepthwiseI8Kernel*>& variant = choose(depthwise_i8_variants);
  };
  /// Output lines (of all images, one after another) to compute.
  struct Part {
    const void* input;  ///< 64 bytes beyond the end may be read
    void* out;
    size_t line_begin, line_end;
    void* scratch;  ///< scratch_bytes(), aligned to 64; no other thread uses it meanwhile
  };

  DepthwiseI8(const DepthwiseI8Weights& weights, const Options& options);

  /// False when there was not enough memory.
  explicit operator bool() const { return packed_ && padding_; }
  size_t scratch_bytes() const;
  size_t packed_bytes() const { return packed_.size_bytes(); }
  void run(const Part& part) const;

 private:
  struct Chunk {
    size_t channel, count;
    const DepthwiseI8Width* width;
    size_t packed_at;
  };
  void cut_channels();
  void index_taps();
  int32_t weight(const DepthwiseI8Weights& weights, size_t tap, size_t channel) const;
  void pack(const DepthwiseI8Weights& weights, const Chunk& chunk);
  void pack_taps(const DepthwiseI8Weights& weights, size_t channel, uint8_t* to,
                 size_t width) const;
  DepthwiseI8Block block(const Part& part, size_t line, const Chunk& chunk) const;
  void run_line(const Part& part, size_t line) const;
  void run_chunk(const Part& part, size_t line, const Chunk& chunk) const;
  void run_square(const Part& part, size_t line, size_t lines) const;
  void run_square_chunk(const Part& part, size_t line, size_t lines, const Chunk& chunk) const;

  Options options_;
  const DepthwiseI8Kernel* kernel_;
  size_t planes_ = 1;    ///< 2 when weights do not fit a byte and are split into two summands
  bool square_ = false;  ///< 3x3 form
  size_t groups_ = 0;
  std::vector<uint32_t> tap_index_;
  std::vector<Chunk> chunks_;
  AlignedBuffer packed_;
  AlignedBuffer padding_;  ///< a pixel at the input zero point
};

}  // namespace wherry::kernels
