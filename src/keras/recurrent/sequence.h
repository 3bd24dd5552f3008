// Runs a cell over a sequence: as one operator, step by step, or as a loop.
#pragma once

#include "keras/recurrent/cell.h"

namespace wherry::keras {

struct Sequence {
  ValueId x = no_value;     ///< [batch, steps, ...], or [steps, batch, ...] with time_major
  Values initial = {};      ///< one for each state; none: zeros
  ValueId mask = no_value;  ///< bool, the first two axes of x; no_value: every step counts
  bool time_major = false;  ///< of x, the mask and the sequence that results
  bool backwards = false;
  bool wants_sequence = false;     ///< the outputs of all steps, else of the last only
  bool wants_states = false;       ///< states after the last step other than the output
  bool zero_where_masked = false;  ///< outputs of masked steps are 0, else those of the step before
  bool stateful = false;           ///< begins with the states that the last run ended with
  bool unroll = false;             ///< an option of the layer

  int batch_axis() const { return time_major ? 1 : 0; }
  int time_axis() const { return time_major ? 0 : 1; }
};

struct SequenceResult {
  ValueId sequence = no_value;  ///< as x, in the order of computation, when wanted
  ValueId last = no_value;
  Values states = {};  ///< when wanted
};

/// Chooses a form, notes it in the import's state, and emits it.
Expected<SequenceResult> run_sequence(LayerImport& layer, Cell& cell, const Sequence& sequence);

// The forms. Outputs of masked steps are those of the step before; `initial` is complete or empty.
// Only the first takes data that is time_major.
Expected<SequenceResult> run_fused(LayerImport& layer, Cell& cell, const Sequence& sequence);
Expected<SequenceResult> run_unrolled(LayerImport& layer, Cell& cell, const Sequence& sequence);
Expected<SequenceResult> run_loop(LayerImport& layer, Cell& cell, const Sequence& sequence);

/// mask ? next : previous, where no_value stands for zeros; `mask` has as many axes as `next`.
Expected<ValueId> kept_where_masked(Emitter& emitter, ValueId mask, ValueId next, ValueId previous);
/// The mask with axes of one element behind, as many as tensors of rank `rank` need.
Expected<ValueId> mask_of_rank(Emitter& emitter, ValueId mask, int rank);
/// The first `width` elements of the last axis.
Expected<ValueId> narrowed(Emitter& emitter, ValueId x, int64_t width);

}  // namespace wherry::keras
