// Two broadcast operands as rows: the form in which kernels take them.
#pragma once

#include <cstddef>
#include <vector>

#include "ir/shape.h"

namespace wherry {

/// The elements of `out`, in order, are blocks of `rows` rows of `columns` elements. In a block
/// element (r, c) of operand k is at offset + r * row_steps[k] + c * column_steps[k].
struct BroadcastRows {
  size_t rows = 1, columns = 1;
  size_t row_steps[2] = {0, 0};
  size_t column_steps[2] = {0, 0};  ///< 0 or 1
  struct Axis {
    size_t extent;
    size_t steps[2];
  };
  std::vector<Axis> outer;  ///< of the blocks, slowest first

  BroadcastRows(const Shape& out, const Shape& a, const Shape& b);

  size_t blocks() const;
  struct Offsets {
    size_t of[2];
  };
  /// Where block `block` begins in the operands.
  Offsets offsets(size_t block) const;
  /// Calls use(first output element, offsets, rows) for the parts of blocks that make up the rows
  /// [begin, end), counted through all blocks.
  template <class Use>
  void for_rows(size_t begin, size_t end, Use use) const {
    while (begin < end) {
      const size_t block = begin / rows, first = begin % rows;
      const size_t count = rows - first < end - begin ? rows - first : end - begin;
      Offsets at = offsets(block);
      for (size_t k = 0; k < 2; ++k) at.of[k] += first * row_steps[k];
      use(begin * columns, at, count);
      begin += count;
    }
  }
};

}  // namespace wherry
