// Merges the axes that both operands walk evenly, then takes the last two as rows and columns.
#include "ops/broadcast_rows.h"

namespace wherry {
namespace {

size_t step_of(const Shape& shape, int axis) {
  if (axis < 0 || shape[axis] == 1) return 0;
  return static_cast<size_t>(shape.product(axis + 1, shape.rank()));
}

}  // namespace

BroadcastRows::BroadcastRows(const Shape& out, const Shape& a, const Shape& b) {
  const Shape* operands[2] = {&a, &b};
  for (int axis = 0; axis < out.rank(); ++axis) {
    if (out[axis] == 1) continue;
    Axis next{static_cast<size_t>(out[axis]), {}};
    for (size_t k = 0; k < 2; ++k)
      next.steps[k] = step_of(*operands[k], axis - (out.rank() - operands[k]->rank()));
    const auto merges = [&](size_t k) {
      return outer.back().steps[k] == next.steps[k] * next.extent;
    };
    if (!outer.empty() && merges(0) && merges(1)) {
      outer.back().extent *= next.extent;
      for (size_t k = 0; k < 2; ++k) outer.back().steps[k] = next.steps[k];
    } else {
      outer.push_back(next);
    }
  }
  const auto take = [this](size_t& extent, size_t* steps) {
    if (outer.empty()) return;
    extent = outer.back().extent;
    for (size_t k = 0; k < 2; ++k) steps[k] = outer.back().steps[k];
    outer.pop_back();
  };
  take(columns, column_steps);
  take(rows, row_steps);
}

size_t BroadcastRows::blocks() const {
  size_t count = 1;
  for (const Axis& axis : outer) count *= axis.extent;
  return count;
}

BroadcastRows::Offsets BroadcastRows::offsets(size_t block) const {
  Offsets result{{0, 0}};
  for (size_t i = outer.size(); i-- > 0;) {
    const size_t index = block % outer[i].extent;
    block /= outer[i].extent;
    for (size_t k = 0; k < 2; ++k) result.of[k] += index * outer[i].steps[k];
  }
  return result;
}

}  // namespace wherry
