// The form of one operator. Its states are variables, which keep their contents between runs: a
// node before the operator sets them, so that every run begins as Keras does, at any batch.
#include <set>

#include "keras/recurrent/sequence.h"
#include "ops/recurrent/unidirectional_sequence_lstm.h"
#include "ops/shape/reverse_v2.h"
#include "ops/shape/strided_slice.h"
#include "ops/shape/tile.h"
#include "ops/shape/zeros_like.h"

namespace wherry::keras {
namespace {

/// Data whose batch is that of the layer.
struct BatchSource {
  ValueId x = no_value;
  bool time_major = false;
};

/// What the first of a stack of layers was given, so that they have their zeros in common.
BatchSource first_of_stack(LayerImport& layer, const Sequence& sequence) {
  BatchSource source{sequence.x, sequence.time_major};
  const Graph& graph = layer.graph().graph;
  for (size_t n = graph.nodes.size(); n-- > 0;) {
    const Node& node = graph.nodes[n];
    if (node.outputs.empty() || node.outputs[0] != source.x) continue;
    bool is_layer = node.op == &op::unidirectional_sequence_lstm;
    if (is_layer)
      source.time_major = node.attributes.as<op::UnidirectionalSequenceLstm>().time_major;
    if (is_layer || node.op == &op::reverse_v2) source.x = node.inputs[0];
  }
  return source;
}

/// Zeros that a layer of the same fixed batch has made, or no_value.
ValueId made_before(LayerImport& layer, int64_t batch) {
  const Graph& graph = layer.graph().graph;
  std::set<ValueId> zeros;
  for (const Node& node : graph.nodes) {
    ValueId read = node.inputs.empty() ? no_value : node.inputs[0];
    if (node.op == &op::zeros_like) zeros.insert(node.outputs[0]);
    bool sets_state = node.op == &op::tile && graph.value(node.outputs[0]).is_variable;
    if (sets_state && zeros.count(read) && layer.shape(read) == Shape{batch, 1}) return read;
  }
  return no_value;
}

/// Zeros [batch, 1] to copy states from. They are made of the input also where the batch is fixed:
/// what follows from constants is computed by stock runtimes when they load the file, and not again
/// when a run has changed it.
Expected<ValueId> zero_column(LayerImport& layer, const Sequence& sequence) {
  int64_t batch = layer.shape(sequence.x)[sequence.batch_axis()];
  if (batch >= 0) {
    ValueId before = made_before(layer, batch);
    if (before != no_value) return before;
  }
  BatchSource source = first_of_stack(layer, sequence);
  const int batch_axis = source.time_major ? 1 : 0, time_axis = 1 - batch_axis;
  // Not a product with zero: inputs may be infinite.
  op::StridedSlice column{.begin_mask = 1 << batch_axis,
                          .end_mask = 1 << batch_axis,
                          .shrink_axis_mask = 1 << time_axis};
  std::vector<int64_t> end = {1, 1, 1};
  end[static_cast<size_t>(batch_axis)] = 0;
  ValueId first = TRY(layer.node(
      op::strided_slice, column,
      {source.x, layer.integers({0, 0, 0}), layer.integers(end), layer.integers({1, 1, 1})}));
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
    int64_t batch = layer.shape(sequence.x)[sequence.batch_axis()];
    ENSURE(batch >= 0, "a stateful layer needs an input of fixed batch");
    for (int k = 0; k < cell.state_count(); ++k)
      states.push_back(layer.graph().builder.variable(layer.name_for("state"), DType::f32,
                                                      {batch, cell.width()}));
    return states;
  }
  ValueId zeros = sequence.initial.empty() ? TRY(zero_column(layer, sequence)) : no_value;
  for (size_t k = 0; k < static_cast<size_t>(cell.state_count()); ++k) {
    bool given = zeros == no_value;
    states.push_back(TRY(
        copy_as_variable(layer, given ? sequence.initial[k] : zeros, given ? 1 : cell.width())));
  }
  return states;
}

}  // namespace

Expected<SequenceResult> run_fused(LayerImport& layer, Cell& cell, const Sequence& sequence) {
  FusedSequence fused{.x = sequence.x, .time_major = sequence.time_major};
  if (sequence.backwards) fused.x = TRY(layer.reverse(fused.x, sequence.time_axis()));
  fused.states = TRY(starting_states(layer, cell, sequence));
  SequenceResult result{.sequence = TRY(cell.fused(fused))};
  int time = sequence.time_axis();
  std::vector<int64_t> begin = {0, 0, 0};
  begin[static_cast<size_t>(time)] = -1;
  op::StridedSlice last{
      .begin_mask = 7 & ~(1 << time), .end_mask = 7, .shrink_axis_mask = 1 << time};
  result.last = TRY(layer.node(op::strided_slice, last,
                               {result.sequence, layer.integers(begin), layer.integers({0, 0, 0}),
                                layer.integers({1, 1, 1})}));
  if (sequence.wants_states) result.states = {result.last};
  return result;
}

}  // namespace wherry::keras
