// The form of one operator. Its states are variables, which keep their contents between runs: a
// node before the operator sets them, so that every run begins as Keras does, at any batch.
#include "keras/recurrent/sequence.h"
#include "ops/shape/strided_slice.h"

namespace wherry::keras {
namespace {

/// A state that starts at zero: [batch, width], copied from a column of zeros. They are made of the
/// input also where the batch is fixed: what follows from constants is computed by stock runtimes
/// when they load the file, and not again when a run has changed it.
Expected<ValueId> zero_column(LayerImport& layer, ValueId x) {
  // Not a product with zero: inputs may be infinite.
  op::StridedSlice column{.begin_mask = 1, .end_mask = 1, .shrink_axis_mask = 2};
  ValueId first = TRY(layer.node(
      op::strided_slice, column,
      {x, layer.integers({0, 0, 0}), layer.integers({0, 1, 1}), layer.integers({1, 1, 1})}));
  return layer.node("ZEROS_LIKE", {first});
}

Expected<ValueId> copy_as_variable(LayerImport& layer, ValueId from, int64_t times) {
  ValueId state = TRY(layer.node("TILE", {from, layer.integers({1, times})}));
  layer.graph().graph.value(state).is_variable = true;
  return state;
}

Expected<Values> starting_states(LayerImport& layer, const Cell& cell, const Sequence& sequence) {
  Values states;
  if (sequence.stateful && sequence.initial.empty()) {
    int64_t batch = layer.shape(sequence.x)[0];
    ENSURE(batch >= 0, "a stateful layer needs an input of fixed batch");
    for (int k = 0; k < cell.state_count(); ++k)
      states.push_back(layer.graph().builder.variable(layer.name_for("state"), DType::f32,
                                                      {batch, cell.width()}));
    return states;
  }
  ValueId zeros = sequence.initial.empty() ? TRY(zero_column(layer, sequence.x)) : no_value;
  for (size_t k = 0; k < static_cast<size_t>(cell.state_count()); ++k) {
    bool given = zeros == no_value;
    states.push_back(TRY(
        copy_as_variable(layer, given ? sequence.initial[k] : zeros, given ? 1 : cell.width())));
  }
  return states;
}

}  // namespace

Expected<SequenceResult> run_fused(LayerImport& layer, Cell& cell, const Sequence& sequence) {
  FusedSequence fused{.x = sequence.x};
  if (sequence.backwards) fused.x = TRY(layer.reverse(fused.x, 1));
  fused.states = TRY(starting_states(layer, cell, sequence));
  SequenceResult result{.sequence = TRY(cell.fused(fused))};
  result.last = TRY(layer.node(
      op::strided_slice, op::StridedSlice{.begin_mask = 5, .end_mask = 7, .shrink_axis_mask = 2},
      {result.sequence, layer.integers({0, -1, 0}), layer.integers({0, 0, 0}),
       layer.integers({1, 1, 1})}));
  if (sequence.wants_states) result.states = {result.last};
  return result;
}

}  // namespace wherry::keras
