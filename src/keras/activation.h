// Activation functions by the names that both generations of Keras use.
#pragma once

#include "keras/emitter.h"
#include "keras/reader/saved_model.h"

namespace wherry::keras {

/// The function's name in a written activation: "relu", {"class_name": "function", ...}; nothing
/// for a layer given as activation.
std::string_view activation_name(const PyValue& written);
/// False for functions along an axis, and for layers.
bool is_elementwise(const PyValue& written);
/// Errors: unsupported, for functions of the user's own and names not known.
Status check_activation(const PyValue& written, Dialect dialect);
/// None stands for "linear".
Expected<ValueId> emit_activation(Emitter& emitter, std::string_view name, Dialect dialect,
                                  ValueId x);

}  // namespace wherry::keras
