// What attention layers share: masks over pairs of positions and the softmax under them.
#pragma once

#include "keras/emitter.h"

namespace wherry::keras {

/// True where a column is not behind the row, as bool [rows, columns].
Expected<ValueId> causal_mask(Emitter& emitter, Extent rows, Extent columns);
/// True where row and column are less than `width` apart, as bool [rows, columns].
Expected<ValueId> window_mask(Emitter& emitter, Extent rows, Extent columns, int64_t width);
/// True where both are; no_value stands for a mask that is true everywhere.
Expected<ValueId> both_masks(Emitter& emitter, ValueId a, ValueId b);

/// Which pairs of positions count, and what becomes of a row in which none does.
struct ScoreMask {
  ValueId value = no_value;        ///< bool, broadcast to the scores
  bool zeroes_empty_rows = false;  ///< false: as if all pairs counted equally
};
/// Softmax over the last axis of `scores`.
Expected<ValueId> masked_softmax(Emitter& emitter, ValueId scores, const ScoreMask& mask);

}  // namespace wherry::keras
