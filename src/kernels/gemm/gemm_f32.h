// Float matrix product with packed weights, for convolution and fully connected layers.
//
//   out[r][n] = clamp(bias[n] + sum over taps t and channels k of input(r, t)[k] * weight[n][t][k])
//
// input(r, t) lies at a constant distance from input(r, 0) in a strip of lines (no im2col); see
// left_rows_f32.h.
// Packed weights, per panel of `width` columns (see panels.h):
//
//   | bias[width] | t=0 k=0: weight[n..n+width) | t=0 k=1 ... | t=1 k=0 ... |
//
// Columns that fill up the last panel are zero. Every element of the result is summed in the order
// of t and k, so it does not depend on how rows and panels are spread over threads.
#pragma once

#include "base/aligned_buffer.h"
#include "base/half.h"
#include "kernels/gemm/gemm_f32_kernel.h"
#include "kernels/gemm/left_rows_f32.h"
#include "kernels/gemm/panels.h"
#include "kernels/variant.h"
#include "kernels/window.h"

namespace wherry::kernels {

inline constexpr Variant<const GemmF32Kernel*> gemm_f32_variants[] = {
#if defined(__x86_64__)
    {"avx512", cpu::avx512, &x86_avx512::gemm_f32},
    {"avx2", cpu::avx2, &x86_avx2::gemm_f32},
#endif
    {"scalar", cpu::none, &scalar::gemm_f32}};

/// Weight (n, k) is weights[n * column_stride + k * depth_stride], k counting taps and channels.
struct GemmF32Weights {
  const float* weights;  ///< null: packed later, see GemmF32::pack
  size_t columns;
  size_t column_stride, depth_stride = 1;
  const float* bias = nullptr;  ///< none: zeros
  /// Instead of `weights`, for run_unpacked() alone: depths side by side, columns one after
  /// another.
  const half* halves = nullptr;
};

/// A product whose weights are packed; what is left to say is which rows of which input.
class GemmF32 {
 public:
  struct Options {
    Window window;
    float low, high;  ///< the result is clamped to this range
    const Variant<const GemmF32Kernel*>& variant = choose(gemm_f32_variants);
  };
  /// Which part of the product to compute.
  struct Part {
    const float* input;
    float* out;
    size_t out_stride;
    size_t row_begin, row_end;
    size_t panel_begin, panel_end;
    void* scratch;  ///< scratch_bytes(), aligned to 64; no other thread uses it meanwhile
    const float* packed = nullptr;  ///< weights packed by pack(); null: those of the constructor
    const float* panel = nullptr;   ///< not null: the packed weights of the only panel
  };

  GemmF32(const GemmF32Weights& weights, const Options& options);

  /// False when there was not enough memory.
  explicit operator bool() const { return usable_; }
  const Panels& panels() const { return panels_; }
  /// Rows that are best kept together when work is split.
  size_t tile_rows() const { return tile_rows_; }
  size_t scratch_bytes() const;
  /// What run_unpacked() needs instead.
  size_t unpacked_scratch_bytes(bool from_halves) const;
  size_t packed_bytes() const {
    return panels_.padded_columns() * (window_.depth() + 1) * sizeof(float);
  }
  /// Packs weights of the geometry given to the constructor into packed_bytes(), aligned to 64.
  void pack(const GemmF32Weights& weights, float* packed) const;
  void run(const Part& part) const;
  /// The same numbers with weights that are packed a panel at a time, in the scratch memory: for
  /// products that are computed once.
  void run_unpacked(const GemmF32Weights& weights, const Part& part) const;

 private:
  size_t panel_bytes() const;
  /// `from`: the first weight of the panel.
  void pack_panel(const float* from, const GemmF32Weights& weights, const Panels::Panel& panel,
                  float* to) const;
  void pack_lines(const float* from, size_t depth_stride, const Panels::Panel& panel,
                  float* to) const;
  void pack_columns(const float* from, const GemmF32Weights& weights, const Panels::Panel& panel,
                    float* to) const;
  void run_tile(const Part& part, const LeftRowsF32::Strip& strip, size_t first,
                size_t panel) const;

  const GemmF32Kernel* kernel_;
  Window window_;
  float low_, high_;
  Panels panels_;
  size_t tile_rows_;
  LeftRowsF32 left_;
  size_t block_rows_;  ///< rows that share a panel while it is in cache
  bool usable_ = false;
  AlignedBuffer packed_;
};

}  // namespace wherry::kernels
