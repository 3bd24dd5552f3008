// Picking of elements that several functions are made of.
#pragma once

#include "keras/emitter.h"

namespace wherry::keras {

struct GatherAxes {
  int axis = 0;
  int batch = 0;  ///< leading axes that x and the places share
  GatherAxes(int axis, int batch = 0) : axis(axis), batch(batch) {}
};
/// The slices of x along an axis at these places.
Expected<ValueId> gather(Emitter& emitter, ValueId x, ValueId places, GatherAxes axes);
/// Negative places count from the end of an axis of x.
Expected<ValueId> places_from_front(Emitter& emitter, ValueId places, ValueId x, int axis);
/// The slices of x along the joined axes [first, last) where a bool tensor of their shape is true.
Expected<ValueId> masked_slices(Emitter& emitter, ValueId x, ValueId mask, int first);

}  // namespace wherry::keras
