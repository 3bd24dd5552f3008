// Counts multiplications to see which networks are large.
#include "convert/smaller_pictures.h"

#include <algorithm>

#include "ops/macs.h"

namespace wherry {
namespace {

/// What a processor multiplies in a few tenths of a second, and what it shall be brought down to.
constexpr double many = 8e9, few = 4e9;
constexpr int64_t largest_divisor = 4, smallest_side = 48;
/// Sides are made smaller by whole multiples of this: where a network halves them five times, each
/// half is odd or even as before, and paddings chosen for that stay right.
constexpr int64_t step = 32;

bool is_picture(const TensorType& type) {
  return type.dtype == DType::f32 && type.shape.rank() == 4 && type.fixed(1) && type.fixed(2);
}

double multiplications(const Model& model) {
  double sum = 0;
  for (const Node& node : model.main().nodes)
    sum += static_cast<double>(macs_of(model, model.main(), node));
  return sum;
}

int64_t shortest_side(const Graph& graph) {
  int64_t shortest = 0;
  for (ValueId id : graph.inputs) {
    const TensorType& type = graph.value(id).type;
    if (!is_picture(type)) continue;
    int64_t side = std::min(type.shape[1], type.shape[2]);
    shortest = shortest == 0 ? side : std::min(shortest, side);
  }
  return shortest;
}

}  // namespace

int64_t picture_divisor(const Model& source) {
  if (source.graphs.size() != 1) return 1;
  double cost = multiplications(source);
  int64_t side = shortest_side(source.main()), divisor = 1;
  if (cost < many) return 1;
  while (divisor < largest_divisor && side / (2 * divisor) >= smallest_side &&
         cost > few * static_cast<double>(divisor * divisor))
    divisor *= 2;
  return divisor;
}

Shape smaller_picture(const TensorType& input, int64_t divisor) {
  Shape shape = input.shape;
  if (!is_picture(input)) return shape;
  for (int axis : {1, 2}) shape[axis] -= (shape[axis] - shape[axis] / divisor) / step * step;
  return shape;
}

Model with_open_extents(Model model) {
  for (Value& value : model.main().values) {
    if (value.constant) continue;
    value.type.signature = value.type.shape;
    for (int axis = 0; axis < value.type.shape.rank(); ++axis) value.type.signature[axis] = -1;
  }
  return model;
}

}  // namespace wherry
