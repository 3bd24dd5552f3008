// Weights for each element of a sample, or one for all along some axes.
#pragma once

#include "keras/layer_import.h"

namespace wherry::keras {

/// The shape of a sample of the input, with 1 along the axes in the option "shared_axes". Errors:
/// invalid_model, for axes that are not there.
Expected<Shape> element_weight_shape(const LayerImport& layer);

}  // namespace wherry::keras
