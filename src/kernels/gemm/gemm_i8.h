// 8-bit matrix product with packed weights, for convolution and fully connected layers: int8 or
// uint8 activations and weights, zero points on both sides, int32 sums that are exact on every CPU.
//
//   sum = bias[n] + sum over k of (x[r][k] - input zero point) * (w[n][k] - weight zero point)
//
// To bytes: round to nearest even of sum * scale[n] in float, plus the output zero point, clamped.
// To floats (weights alone are quantised in the model): sum * scale[n] * row_scale[r] + bias[n].
// Layouts: gemm_i8_kernel.h (weights) and left_rows_i8.h (activations).
#pragma once

#include "base/aligned_buffer.h"
#include "kernels/gemm/gemm_i8_kernel.h"
#include "kernels/gemm/left_rows_i8.h"
#include "kernels/gemm/panels.h"
#include "kernels/variant.h"

namespace wherry::kernels {

inline constexpr Variant<const GemmI8Kernel*> gemm_i8_variants[] = {
#if defined(__x86_64__)
    {"vnni", cpu::vnni, &x86_vnni::gemm_i8},
    {"avx512", cpu::avx512, &x86_avx512::gemm_i8},
    {"avx2", cpu::avx2, &x86_avx2::gemm_i8},
#endif
    {"scalar", cpu::none, &scalar::gemm_i8}};

/// Weight (n, k) is values[n * column_stride + k * depth_stride], k counting taps and channels.
struct GemmI8Weights {
  const void* values;  ///< null: signed, zero point 0, and given to run_unpacked()
  bool is_signed = true;
  int32_t zero_point = 0;  ///< of products to floats: 0
  size_t columns;
  size_t column_stride, depth_stride = 1;
  const int32_t* bias = nullptr;      ///< to bytes; none: zeros
  const float* float_bias = nullptr;  ///< to floats; none: zeros
  const float* scales;                ///< one for each column
};

class GemmI8 {
 public:
  struct Options {
    Window window;
    bool input_signed = true;
    bool to_floats = false;
    int32_t input_zero_point = 0;   ///< to bytes
    int32_t output_zero_point = 0;  ///< to bytes
    float low, high;  ///< clamp; to bytes: as multiples of the output scale, zero point taken off
    size_t rows_per_scale = 1;  ///< to floats: consecutive rows that share a scale
    const Variant<const GemmI8Kernel*>& variant = choose(gemm_i8_variants);
  };
  /// Which part of the product to compute.
  struct Part {
    const void* input;
    void* out;
    size_t out_stride;
    size_t row_begin, row_end;
    size_t panel_begin, panel_end;
    void* scratch;  ///< scratch_bytes(), aligned to 64; no other thread uses it meanwhile
    const float* row_scales = nullptr;         ///< to floats: one for rows_per_scale rows each
    const int32_t* row_zero_points = nullptr;  ///< to floats: likewise, of the input
    uint8_t* panel = nullptr;                  ///< not null: the packed weights of the only panel
  };

  GemmI8(const GemmI8Weights& weights, const Options& options);

  /// False when there was not enough memory for the packed weights.
  explicit operator bool() const { return usable_; }
  const Panels& panels() const { return panels_; }
  /// Rows that are best kept together when work is split.
  size_t tile_rows() const { return tile_rows_; }
  size_t scratch_bytes() const;
  /// What run_unpacked() needs instead.
  size_t unpacked_scratch_bytes() const { return panel_bytes() + scratch_bytes(); }
  size_t packed_bytes() const { return packed_.size_bytes(); }
  void run(const Part& part) const;
  /// The same numbers with weights that are packed a panel at a time, in the scratch memory: for
  /// products that are computed once. They are signed, and their zero point is 0.
  void run_unpacked(const GemmI8Weights& weights, const Part& part) const;

  /// The longest sum that cannot leave 32 bits.
  static constexpr size_t max_depth = (size_t{1} << 31) / (255 * 255) - 1;

 private:
  struct Strip;
  void choose_left_weights(const GemmI8Weights& weights);
  void pack(const GemmI8Weights& weights);
  void pack_panel(const GemmI8Weights& weights, const Panels::Panel& panel, uint8_t* to) const;
  void pack_header(const GemmI8Weights& weights, const Panels::Panel& panel, uint8_t* to) const;
  void pack_groups(const GemmI8Weights& weights, const Panels::Panel& panel, uint8_t* to) const;
  /// Groups of four weights that lie side by side.
  struct Groups {
    size_t first_k, count;
  };
  void pack_whole_groups(const GemmI8Weights& weights, const Panels::Panel& panel,
                         const Groups& given, uint8_t* to) const;
  Strip strip_in(const Part& part) const;
  void prepare(const Part& part, Strip& strip) const;
  void run_tile(const Part& part, const Strip& strip, size_t first, size_t panel) const;
  size_t column_bytes() const;
  size_t panel_bytes() const;
  uint8_t* panel_at(const Panels::Panel& panel) const;

  Options options_;
  const GemmI8Kernel* kernel_;
  Panels panels_;
  size_t tile_rows_;
  LeftRowsI8 left_;
  int32_t weight_shift_ = 0;      ///< subtracted from weights when they are packed
  int32_t weight_remainder_ = 0;  ///< of their zero point, made up for with sums of rows
  bool usable_ = false;
  AlignedBuffer packed_;
};

}  // namespace wherry::kernels
