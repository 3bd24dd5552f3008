// Sorting that several functions are made of.
#pragma once

#include "keras/emitter.h"

namespace wherry::keras {

/// The `count` largest elements of the last axis, and where they stand.
Expected<std::vector<ValueId>> largest(Emitter& emitter, ValueId x, ValueId count);

}  // namespace wherry::keras
