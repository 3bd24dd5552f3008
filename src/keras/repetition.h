// Each element of an axis several times in a row.
#pragma once

#include "keras/emitter.h"

namespace wherry::keras {

/// With one operator where few elements are repeated, with three elsewhere.
Expected<ValueId> repeated(Emitter& emitter, ValueId x, int axis, int64_t times);

}  // namespace wherry::keras
