// A recurrent cell: what one step computes, in parts that a loop of any form puts together.
#pragma once

#include <memory>

#include "keras/layer_import.h"

namespace wherry::keras {

using Values = std::vector<ValueId>;

/// A whole sequence for one operator. States are variables of the graph that hold the first states.
struct FusedSequence {
  ValueId x = no_value;  ///< [batch, steps, depth], or [steps, batch, depth] with time_major
  Values states = {};
  bool time_major = false;
};

class Cell {
 public:
  explicit Cell(LayerImport layer, int state_count)
      : layer_(std::move(layer)), state_count_(state_count) {}
  virtual ~Cell() = default;

  int state_count() const { return state_count_; }
  /// Last extent of the output and of every state.
  virtual int64_t width() const = 0;
  /// What a step needs of its input alone: of one step [batch, ...], or of a whole sequence
  /// [batch, steps, ...] at once.
  virtual Expected<Values> project(ValueId x) = 0;
  /// The states after a step, the first of which is its output. `parts` are those of project for
  /// this step; a state of no_value is zero.
  virtual Expected<Values> step(const Values& parts, const Values& states) = 0;

  /// Why one operator cannot compute a whole sequence; nothing when it can.
  virtual std::string why_not_fused() const = 0;
  /// The outputs of all steps. Only where why_not_fused has nothing to say.
  virtual Expected<ValueId> fused(const FusedSequence& sequence);

  /// The same cell in another graph.
  Expected<std::unique_ptr<Cell>> in_graph(GraphState& graph) const;

 protected:
  LayerImport layer_;

 private:
  int state_count_;
};

/// True for the classes of layers and cells that make_cell knows.
bool has_cell(std::string_view class_name);
/// The cell that a layer ("LSTM") or a cell's record ("LSTMCell") describes, with its weights out
/// of the layer's scope.
Expected<std::unique_ptr<Cell>> make_cell(LayerImport layer);

Expected<std::unique_ptr<Cell>> make_lstm_cell(LayerImport layer);
Expected<std::unique_ptr<Cell>> make_conv_lstm_cell(LayerImport layer);
Expected<std::unique_ptr<Cell>> make_gru_cell(LayerImport layer);
Expected<std::unique_ptr<Cell>> make_simple_rnn_cell(LayerImport layer);

}  // namespace wherry::keras
