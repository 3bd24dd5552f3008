// What the inputs of a saved model are called.
#pragma once

#include <string>
#include <vector>

#include "keras/layer_record.h"

namespace wherry::keras {

/// The name of an input of the outermost model, which has these layers. Keras 3 writes down the
/// name of the InputLayer; where the user gave none ("input_layer_1"), the tensor behind it has a
/// number of its own ("keras_tensor_4"), and that is what Keras and its exporters call the input.
std::string input_name(const LayerRecord& input, const std::vector<LayerRecord>& layers,
                       Dialect dialect);

}  // namespace wherry::keras
