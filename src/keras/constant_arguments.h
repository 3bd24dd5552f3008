// Numbers that layers and functions are called with in place of tensors.
#pragma once

#include <optional>

#include "keras/emitter.h"
#include "keras/layer_record.h"

namespace wherry::keras {

/// Whether a value is a tensor or has one in it, however deep.
bool holds_tensor(const PyValue& value);

/// A number or nested lists of them as a constant of this type, or of the one that holds them all.
/// Errors: unsupported, when it is something else.
Expected<ValueId> constant_of_numbers(Emitter& emitter, const PyValue& value,
                                      std::optional<DType> dtype = {});

/// Makes tensors of the arrays that a layer is called with, and of the numbers beside tensors, and
/// lets the first argument stand first when it was given by name.
/// Errors: unsupported.
Status complete_arguments(Emitter& emitter, LayerCall& call);

}  // namespace wherry::keras
