// Index vectors along the last axis of a tensor, pointing at slices of another one.
#pragma once

#include "ops/context.h"

namespace wherry {

class IndexVectors {
 public:
  /// `indices` has rank 1 or more, and its last extent is at most the rank of `target`.
  IndexVectors(const TensorView& indices, const Shape& target)
      : indices_(indices), target_(target), depth_(static_cast<int>(indices.shape().back())) {}

  /// How many vectors there are.
  int64_t count() const { return indices_.shape().product(0, indices_.shape().rank() - 1); }
  /// Elements of one slice.
  int64_t slice() const { return target_.product(depth_, target_.rank()); }
  /// First element of the slice that vector i points at; an invalid_data error when it is outside.
  Expected<int64_t> offset(int64_t i, std::string_view op) const {
    int64_t offset = 0;
    for (int axis = 0; axis < depth_; ++axis) {
      int64_t index = integer_at(indices_, i * depth_ + axis);
      ENSURE_CODE(ErrorCode::invalid_data, index >= 0 && index < target_[axis], op, " index ",
                  index, " is outside the extent ", target_[axis]);
      offset = offset * target_[axis] + index;
    }
    return offset * slice();
  }

 private:
  TensorView indices_;
  const Shape& target_;
  int depth_;
};

}  // namespace wherry
