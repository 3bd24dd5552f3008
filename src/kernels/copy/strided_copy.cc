// Orders the axes of a box and walks over it.
#include "kernels/copy/strided_copy.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace wherry::kernels {
namespace {

constexpr size_t block =
    16;  // rows and columns transposed together, so that cache lines are reused

template <class T>
void copy_elements(const std::byte* from, std::byte* to, const BoxAxis& row) {
  for (size_t i = 0; i < row.extent; ++i, from += row.from_step, to += row.to_step)
    std::memcpy(to, from, sizeof(T));
}

template <class T>
void copy_block(const std::byte* from, std::byte* to, const BoxAxis& row, const BoxAxis& column,
                size_t rows, size_t columns) {
  for (size_t c = 0; c < columns; ++c)
    for (size_t r = 0; r < rows; ++r)
      std::memcpy(
          to + static_cast<ptrdiff_t>(c) * column.to_step + static_cast<ptrdiff_t>(r) * row.to_step,
          from + static_cast<ptrdiff_t>(c) * column.from_step +
              static_cast<ptrdiff_t>(r) * row.from_step,
          sizeof(T));
}

template <class T>
void copy_blocks(const std::byte* from, std::byte* to, const BoxAxis& row, const BoxAxis& column) {
  for (size_t c = 0; c < column.extent; c += block)
    for (size_t r = 0; r < row.extent; r += block)
      copy_block<T>(
          from + static_cast<ptrdiff_t>(c) * column.from_step +
              static_cast<ptrdiff_t>(r) * row.from_step,
          to + static_cast<ptrdiff_t>(c) * column.to_step + static_cast<ptrdiff_t>(r) * row.to_step,
          row, column, std::min(block, row.extent - r), std::min(block, column.extent - c));
}

/// Calls use(T{}) with an element type of that many bytes.
template <class Use>
void for_element(size_t bytes, Use use) {
  if (bytes == 1) return use(uint8_t{});
  if (bytes == 2) return use(uint16_t{});
  if (bytes == 4) return use(uint32_t{});
  use(uint64_t{});
}

}  // namespace

StridedCopy::StridedCopy(const BoxAxis* axes, size_t count, size_t element_bytes)
    : element_bytes_(element_bytes) {
  bytes_ = element_bytes;
  for (size_t i = 0; i < count; ++i) {
    bytes_ *= axes[i].extent;
    if (axes[i].extent != 1) axes_[count_++] = axes[i];
  }
  if (bytes_ == 0) return;
  std::stable_sort(axes_, axes_ + count_, [](const BoxAxis& a, const BoxAxis& b) {
    return std::abs(a.to_step) > std::abs(b.to_step);
  });
  size_t merged = 0;
  for (size_t i = 0; i < count_; ++i) {
    const BoxAxis axis = axes_[i];
    const auto extent = static_cast<ptrdiff_t>(axis.extent);
    BoxAxis* outer = merged ? &axes_[merged - 1] : nullptr;
    if (outer && outer->from_step == axis.from_step * extent &&
        outer->to_step == axis.to_step * extent)
      *outer = {outer->extent * axis.extent, axis.from_step, axis.to_step};
    else
      axes_[merged++] = axis;
  }
  count_ = merged;
  const auto element = static_cast<ptrdiff_t>(element_bytes);
  if (count_ == 0) {
    run_bytes_ = element_bytes;
  } else if (axes_[count_ - 1].to_step == element && axes_[count_ - 1].from_step == element) {
    run_bytes_ = axes_[--count_].extent * element_bytes;
  } else {
    row_ = axes_[--count_];
    for (size_t i = count_; i-- > 0 && !plane_;)
      if (axes_[i].from_step == element && row_.extent > 1) {
        column_ = axes_[i];
        plane_ = true;
        std::copy(axes_ + i + 1, axes_ + count_, axes_ + i);
        --count_;
      }
  }
  parts_ = count_ ? axes_[0].extent : 1;
}

void StridedCopy::run(const void* from, void* to, size_t part_begin, size_t part_end) const {
  const auto* source = static_cast<const std::byte*>(from);
  auto* target = static_cast<std::byte*>(to);
  if (count_ == 0) {
    if (part_begin < part_end) walk(source, target, 0);
    return;
  }
  for (size_t i = part_begin; i < part_end; ++i)
    walk(source + static_cast<ptrdiff_t>(i) * axes_[0].from_step,
         target + static_cast<ptrdiff_t>(i) * axes_[0].to_step, 1);
}

void StridedCopy::walk(const std::byte* from, std::byte* to, size_t axis) const {
  if (axis < count_) {
    for (size_t i = 0; i < axes_[axis].extent; ++i) {
      walk(from, to, axis + 1);
      from += axes_[axis].from_step;
      to += axes_[axis].to_step;
    }
  } else if (run_bytes_) {
    std::memcpy(to, from, run_bytes_);
  } else if (plane_) {
    copy_plane(from, to);
  } else {
    copy_row(from, to);
  }
}

void StridedCopy::copy_row(const std::byte* from, std::byte* to) const {
  for_element(element_bytes_,
              [&](auto element) { copy_elements<decltype(element)>(from, to, row_); });
}

void StridedCopy::copy_plane(const std::byte* from, std::byte* to) const {
  for_element(element_bytes_,
              [&](auto element) { copy_blocks<decltype(element)>(from, to, row_, column_); });
}

}  // namespace wherry::kernels
