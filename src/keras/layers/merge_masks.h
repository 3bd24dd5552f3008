// Which steps of merged tensors count, by the rules of each generation of Keras.
#pragma once

#include "keras/layer_import.h"

namespace wherry::keras {

/// The number of the mask of inputs merged element by element; -1 for none.
int merged_mask(LayerImport& layer);
/// The same for inputs joined along an axis, counted from the front.
int joined_mask(LayerImport& layer, int axis);

}  // namespace wherry::keras
