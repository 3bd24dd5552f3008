// Checked element counts and axes.
#include "ir/shape.h"

#include "base/checked.h"

namespace wherry {

Expected<int64_t> Shape::checked_elements() const {
  int64_t nonzero = 1;
  bool empty = false;
  for (int64_t extent : dims_) {
    ENSURE(extent >= 0, "the shape ", dims_, " has a negative extent");
    if (extent == 0)
      empty = true;
    else
      nonzero = TRY(checked_multiply(nonzero, extent));
  }
  ENSURE_CODE(ErrorCode::too_large, nonzero <= max_bytes, "the shape ", dims_, " is too large");
  return empty ? 0 : nonzero;
}

Expected<int> resolve_axis(int64_t axis, int rank, std::string_view what) {
  ENSURE(axis >= -rank && axis < rank, "the ", what, " ", axis,
         " is out of range for a tensor of rank ", rank);
  return static_cast<int>(axis < 0 ? axis + rank : axis);
}

}  // namespace wherry
