// The left-hand rows of a float matrix product, found in place or in a strip of padded lines.
//
// Pointwise products read rows where they are. For other windows the input lines that a few output
// lines need are copied once, with zeros left and right:
//
//   | pad_left pixels | in_width pixels | right padding |     one input line
//   | ...                                               |     (strip_lines - 1) * stride + reach
//
// so that a row of the product starts at one pointer and its taps lie at constant offsets.
#pragma once

#include <vector>

#include "kernels/gemm/gemm_f32_kernel.h"
#include "kernels/window.h"

namespace wherry::kernels {

class LeftRowsF32 {
 public:
  LeftRowsF32(const Window& window, size_t tile_rows);

  /// One strip: rows [row, row + count) of the product.
  struct Strip {
    const float* input;
    size_t row, count;
    float* lines;            ///< line_bytes()
    const float** pointers;  ///< pointers_needed()
  };

  size_t taps() const { return tap_offsets_.size(); }
  const ptrdiff_t* tap_offsets() const { return tap_offsets_.data(); }
  size_t tap_depth() const { return tap_depth_; }
  size_t line_bytes() const { return lines_ * line_ * sizeof(float); }
  /// A tile may be larger than what is left of a strip: then its last row is repeated.
  size_t pointers_needed() const { return strip_rows_ + max_tile_rows; }
  /// Rows of the strip that begins at `row`, at most `left`.
  size_t rows_from(size_t row, size_t left) const;
  void prepare(const Strip& strip) const;

 private:
  void prepare_lines(const Strip& strip) const;
  void copy_line(const float* input, size_t image, ptrdiff_t y, float* to) const;

  Window window_;
  size_t strip_lines_ = 0;  ///< output lines of a strip
  size_t strip_rows_ = 0;
  size_t lines_ = 0;         ///< copied for a strip
  size_t padded_width_ = 0;  ///< pixels of a copied line
  size_t line_ = 0;          ///< elements of a copied line
  size_t tap_depth_ = 0;
  std::vector<ptrdiff_t> tap_offsets_;
};

}  // namespace wherry::kernels
