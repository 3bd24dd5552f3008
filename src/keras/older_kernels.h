// Kernels of convolutions that are stored in another form than today's: by Keras 1, or on Theano.
#pragma once

#include "keras/layer_import.h"

namespace wherry::keras {

/// The weight as Keras 2 on TensorFlow stores it: the same one where nothing differs. Keras 1 had
/// other orders of axes; Theano turned kernels about when it convolved. Errors: invalid_model.
Expected<const Weight*> current_form(ImportState& state, const LayerRecord& record,
                                     const Weight& stored);

}  // namespace wherry::keras
