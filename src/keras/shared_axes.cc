// Axes are counted from 1, the batch being axis 0. Keras takes axis a as the place a - 1 of a list
// of the sample's axes, so -1 is the last but one of them, and 0 the last.
#include "keras/shared_axes.h"

namespace wherry::keras {

Expected<Shape> element_weight_shape(const LayerImport& layer) {
  const Shape& input = layer.input_shape();
  Shape shape;
  for (int i = 1; i < input.rank(); ++i) shape.push_back(input[i]);
  for (const PyValue& shared : layer.option("shared_axes").items()) {
    if (shared.is_none()) continue;
    int64_t axis = shared.integer();
    ENSURE(axis > -shape.rank() && axis <= shape.rank(), "the option 'shared_axes' names axis ",
           axis, ", but the input is ", text_of(input));
    int place = static_cast<int>(axis) - 1;
    shape[place < 0 ? place + shape.rank() : place] = 1;
  }
  return shape;
}

}  // namespace wherry::keras
