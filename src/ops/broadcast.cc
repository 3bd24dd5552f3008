// The joint shape of broadcast operands.
#include "ops/broadcast.h"

#include <algorithm>

namespace wherry {

Expected<Shape> broadcast_shape(const Shape& a, const Shape& b) {
  Shape result;
  int rank = std::max(a.rank(), b.rank());
  for (int axis = 0; axis < rank; ++axis) {
    int in_a = axis - (rank - a.rank()), in_b = axis - (rank - b.rank());
    int64_t x = in_a < 0 ? 1 : a[in_a], y = in_b < 0 ? 1 : b[in_b];
    ENSURE(x == y || x == 1 || y == 1, "the shapes ", a, " and ", b, " do not broadcast");
    result.push_back(x == 1 ? y : x);
  }
  return result;
}

}  // namespace wherry
