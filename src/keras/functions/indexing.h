// Picking of elements that several functions are made of.
#pragma once

#include "keras/emitter.h"

namespace wherry::keras {

/// The slices of x along an axis at these places.
Expected<ValueId> gather(Emitter& emitter, ValueId x, ValueId places, int axis, int batch_axes = 0);
/// Negative places count from the end of an axis of x.
Expected<ValueId> places_from_front(Emitter& emitter, ValueId places, ValueId x, int axis);
/// The slices of x along the joined axes [first, last) where a bool tensor of their shape is true.
Expected<ValueId> masked_slices(Emitter& emitter, ValueId x, ValueId mask, int first);

}  // namespace wherry::keras
