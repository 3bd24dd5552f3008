// Copies a box of elements between two layouts: slices, borders, joins and transpositions.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wherry::kernels {

/// One axis of a box: how many elements, and how far apart on both sides, in bytes. Steps may be
/// negative or 0 (on the side that is read).
struct BoxAxis {
  size_t extent;
  ptrdiff_t from_step, to_step;
};

/// A box whose axes were put in the best order: neighbours that can be walked as one are merged,
/// the axis along which writing advances least is innermost.
class StridedCopy {
 public:
  static constexpr size_t max_axes = 8;

  StridedCopy() = default;
  /// Axes of extent 1 do not count; at most max_axes others. element_bytes: 1, 2, 4 or 8.
  StridedCopy(const BoxAxis* axes, size_t count, size_t element_bytes);

  /// True when there is nothing to copy.
  bool empty() const { return parts_ == 0; }
  /// The outermost axis is cut into this many parts for threads; part(i) is a range of them.
  size_t parts() const { return parts_; }
  size_t bytes() const { return bytes_; }
  void run(const void* from, void* to, size_t part_begin, size_t part_end) const;

 private:
  void walk(const std::byte* from, std::byte* to, size_t axis) const;
  void copy_row(const std::byte* from, std::byte* to) const;
  void copy_plane(const std::byte* from, std::byte* to) const;

  BoxAxis axes_[max_axes] = {};
  size_t count_ = 0;  ///< axes walked one by one, outermost first
  size_t element_bytes_ = 1;
  size_t run_bytes_ = 0;  ///< > 0: the innermost thing is a run of bytes
  BoxAxis row_ = {};  ///< else a row of elements, and, where `plane_`, an axis of such rows along
  BoxAxis column_ = {};  ///< which reading advances by one element
  bool plane_ = false;
  size_t parts_ = 0;
  size_t bytes_ = 0;
};

}  // namespace wherry::kernels
