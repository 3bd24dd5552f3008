// NumPy broadcasting: the joint shape, and walking several tensors at once.
#pragma once

#include <array>

#include "ir/shape.h"

namespace wherry {

/// The shape that both broadcast to; errors when two extents differ and neither is 1.
Expected<Shape> broadcast_shape(const Shape& a, const Shape& b);

/// Element offsets of N operands for each element of `out`, in order. Extents that all operands
/// walk contiguously are merged, so the inner loop is long.
template <size_t N>
class BroadcastWalk {
 public:
  BroadcastWalk(const Shape& out, const std::array<const Shape*, N>& operands) {
    int rank = out.rank();
    for (int axis = 0; axis < rank; ++axis) {
      Axis next{out[axis], {}};
      for (size_t k = 0; k < N; ++k)
        next.steps[k] = stride(*operands[k], axis - (rank - operands[k]->rank()));
      if (!axes_.empty() && merges(axes_.back(), next)) {
        axes_.back().extent *= next.extent;
        axes_.back().steps = next.steps;
      } else {
        axes_.push_back(next);
      }
    }
    if (axes_.empty()) axes_.push_back({1, {}});
  }

  /// f(std::array<int64_t, N> offsets, std::array<int64_t, N> steps, int64_t first, int64_t count):
  /// one run of the innermost loop; the outputs [first, first + count) come from offsets + i *
  /// steps.
  template <class F>
  void runs(F&& f) const {
    const Axis& inner = axes_.back();
    int64_t outer = 1;
    for (size_t i = 0; i + 1 < axes_.size(); ++i) outer *= axes_[i].extent;
    if (inner.extent == 0) return;
    std::array<int64_t, N> offsets{};
    std::vector<int64_t> index(axes_.size(), 0);
    for (int64_t run = 0; run < outer; ++run) {
      f(offsets, inner.steps, run * inner.extent, inner.extent);
      for (size_t axis = axes_.size() - 1; axis-- > 0;) {
        for (size_t k = 0; k < N; ++k) offsets[k] += axes_[axis].steps[k];
        if (++index[axis] < axes_[axis].extent) break;
        for (size_t k = 0; k < N; ++k) offsets[k] -= axes_[axis].steps[k] * axes_[axis].extent;
        index[axis] = 0;
      }
    }
  }

  /// Where the operands of element `index` of `out` stand.
  std::array<int64_t, N> offsets_of(int64_t index) const {
    std::array<int64_t, N> offsets{};
    for (size_t axis = axes_.size(); axis-- > 0; index /= axes_[axis].extent) {
      const int64_t along = index % axes_[axis].extent;
      for (size_t k = 0; k < N; ++k) offsets[k] += along * axes_[axis].steps[k];
    }
    return offsets;
  }

  /// f(int64_t out_index, std::array<int64_t, N> offsets) for each element.
  template <class F>
  void elements(F&& f) const {
    runs([&](std::array<int64_t, N> offsets, const std::array<int64_t, N>& steps, int64_t first,
             int64_t count) {
      for (int64_t i = 0; i < count; ++i) {
        f(first + i, offsets);
        for (size_t k = 0; k < N; ++k) offsets[k] += steps[k];
      }
    });
  }

 private:
  struct Axis {
    int64_t extent;
    std::array<int64_t, N> steps;
  };
  static int64_t stride(const Shape& shape, int axis) {
    if (axis < 0 || shape[axis] == 1) return 0;
    return shape.product(axis + 1, shape.rank());
  }
  static bool merges(const Axis& outer, const Axis& inner) {
    for (size_t k = 0; k < N; ++k) {
      if (outer.steps[k] != inner.steps[k] * inner.extent) return false;
    }
    return true;
  }
  std::vector<Axis> axes_;
};

}  // namespace wherry
