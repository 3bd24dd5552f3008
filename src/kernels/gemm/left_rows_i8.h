// The left-hand rows of an 8-bit matrix product, converted a strip at a time.
//
// A strip is a few output lines (or, for pointwise products, a few rows). The input lines it needs
// are copied once, padded left and right, into the form in which they meet weights:
//
//   | pad_left pixels | in_width pixels | right padding |     one input line
//   | ...                                               |     (strip_lines - 1) * stride + reach
//
// so that a row of the product starts at one pointer and its taps lie at constant offsets.
#pragma once

#include <vector>

#include "kernels/gemm/gemm_i8_kernel.h"
#include "kernels/window.h"

namespace wherry::kernels {

class LeftRowsI8 {
 public:
  struct Options {
    Window window;
    bool is_signed;
    const GemmI8Kernel* kernel;
    size_t tile_rows;
    size_t rows_per_zero_point;  ///< consecutive rows of the product that share one
  };
  /// One strip: rows [row, row + count) of the product.
  struct Strip {
    const uint8_t* input;
    size_t row, count;
    const int32_t*
        zero_points;           ///< one for each row of a product with zero_point_per_row, else one
    uint8_t* lines;            ///< line_bytes()
    const uint8_t** pointers;  ///< pointers_needed()
  };

  explicit LeftRowsI8(const Options& options);

  size_t taps() const { return tap_offsets_.size(); }
  const ptrdiff_t* tap_offsets() const { return tap_offsets_.data(); }
  /// Elements of a tap; what is read beyond them must meet zero weights.
  size_t tap_depth() const { return tap_depth_; }
  size_t groups() const { return (tap_depth_ * options_.kernel->left_bytes + 3) / 4; }

  size_t line_bytes() const { return line_bytes_; }
  /// A tile may be larger than what is left of a strip: then its last row is repeated.
  size_t pointers_needed() const { return strip_rows_ + max_tile_rows; }
  /// Rows of the strip that begins at `row`, at most `left`.
  size_t rows_from(size_t row, size_t left) const;
  void prepare(const Strip& strip) const;

 private:
  void plan_pointwise();
  void plan_lines();
  void prepare_pointwise(const Strip& strip) const;
  void prepare_lines(const Strip& strip) const;
  void convert_line(const Strip& strip, size_t image, ptrdiff_t iy, uint8_t* to) const;

  Options options_;
  bool direct_ = false;  ///< rows are read where they are
  size_t tap_depth_ = 0;
  size_t strip_lines_ = 0;  ///< output lines of a strip
  size_t strip_rows_ = 0;
  size_t padded_width_ = 0;  ///< pixels of a converted line
  size_t row_stride_ = 0;    ///< bytes between converted lines, or rows of a pointwise product
  size_t line_bytes_ = 0;
  std::vector<ptrdiff_t> tap_offsets_;
};

}  // namespace wherry::kernels
