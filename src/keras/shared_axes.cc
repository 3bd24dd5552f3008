// Axes are counted from 1: the batch has none.
#include "keras/shared_axes.h"

namespace wherry::keras {

Expected<Shape> element_weight_shape(const LayerImport& layer) {
  const Shape& input = layer.input_shape();
  Shape shape;
  for (int i = 1; i < input.rank(); ++i) shape.push_back(input[i]);
  for (const PyValue& shared : layer.option("shared_axes").items()) {
    if (shared.is_none()) continue;
    int64_t axis = shared.integer();
    ENSURE(axis >= 1 && axis <= shape.rank(), "the option 'shared_axes' names axis ", axis,
           ", but the input is ", text_of(input));
    shape[static_cast<int>(axis) - 1] = 1;
  }
  return shape;
}

}  // namespace wherry::keras
