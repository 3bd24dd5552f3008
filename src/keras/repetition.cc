// Repeats by gathering, or by tiling an axis of one element.
#include "keras/repetition.h"

namespace wherry::keras {
namespace {

/// Beyond so many the list of indices weighs more than the operators it saves.
constexpr int64_t most_indices = 256;

Expected<ValueId> gathered(Emitter& emitter, ValueId x, int axis, int64_t times) {
  std::vector<int64_t> indices;
  for (int64_t i = 0; i < emitter.shape(x)[axis]; ++i)
    indices.insert(indices.end(), static_cast<size_t>(times), i);
  return emitter.node("GATHER", {x, emitter.integers(indices)},
                      {{"axis", static_cast<double>(axis)}});
}

/// An axis of one element behind it is tiled and merged.
Expected<ValueId> tiled(Emitter& emitter, ValueId x, int axis, int64_t times) {
  std::vector<int64_t> multiples(static_cast<size_t>(emitter.rank(x)) + 1, 1);
  multiples[static_cast<size_t>(axis) + 1] = times;
  ValueId tiled = TRY(emitter.tile(TRY(emitter.expand(x, axis + 1)), multiples));
  return emitter.merge_axes(tiled, axis, axis + 2);
}

}  // namespace

Expected<ValueId> repeated(Emitter& emitter, ValueId x, int axis, int64_t times) {
  if (times == 1) return x;
  int64_t extent = emitter.shape(x)[axis];
  bool few = extent > 0 && times > 0 && times <= most_indices / extent;
  return few ? gathered(emitter, x, axis, times) : tiled(emitter, x, axis, times);
}

}  // namespace wherry::keras
