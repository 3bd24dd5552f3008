// Lists of axes in StableHLO options, and the batches of index vectors they speak of.
#pragma once

#include <algorithm>

#include "ops/context.h"

namespace wherry {

inline bool names_axis(const std::vector<int64_t>& axes, int64_t axis) {
  return std::find(axes.begin(), axes.end(), axis) != axes.end();
}

/// Each axis in [0, rank), none twice; `ordered`: ascending too.
inline Status check_axes(const std::vector<int64_t>& axes, int64_t rank, bool ordered,
                         std::string_view what) {
  for (size_t i = 0; i < axes.size(); ++i) {
    bool valid = axes[i] >= 0 && axes[i] < rank;
    for (size_t k = 0; k < i && valid; ++k)
      valid = ordered ? axes[k] < axes[i] : axes[k] != axes[i];
    ENSURE(valid, "the ", what, " ", axes, " are no list of axes of a tensor of rank ", rank);
  }
  return {};
}

/// Index vectors along axis `vector_axis` of a tensor (its rank: each element is a vector of one),
/// numbered by the remaining axes, the batch.
class IndexBatch {
 public:
  IndexBatch(const Shape& indices, int64_t vector_axis)
      : axis_(static_cast<int>(vector_axis)),
        depth_(axis_ < indices.rank() ? indices[axis_] : 1),
        inner_(axis_ < indices.rank() ? indices.product(axis_ + 1, indices.rank()) : 1) {
    for (int k = 0; k < indices.rank(); ++k) {
      if (k != axis_) batch_.push_back(indices[k]);
    }
  }
  const Shape& batch() const { return batch_; }
  /// Length of a vector.
  int64_t depth() const { return depth_; }
  /// Element `k` of vector `i`.
  int64_t at(const TensorView& indices, int64_t i, int64_t k) const {
    return integer_at(indices, (i / inner_ * depth_ + k) * inner_ + i % inner_);
  }

 private:
  int axis_;
  int64_t depth_, inner_;
  Shape batch_;
};

}  // namespace wherry
