// The int8 form of UNIDIRECTIONAL_SEQUENCE_LSTM: int8 data and weights, int16 cell state.
#pragma once

#include <optional>
#include <set>

#include "quantize/quantize.h"

namespace wherry::quantize {

/// Float LSTM nodes in the form that Keras uses, with constant weights, whose states are set to
/// zero before each run, or never: those that have an int8 form.
bool has_int8_lstm_form(const Graph& graph, const Node& node);

/// The variables of such a node.
ValueId output_state_of(const Node& node);
ValueId cell_state_of(const Node& node);

/// All cell states on the way through `data`, of any layout of batch and time.
std::vector<float> cell_states(const Graph& graph, const Node& node, const TensorView& data);

/// The cell state is stored with the scale 2^exponent; none for ranges that no kernel takes.
std::optional<int> cell_exponent(Range range);

/// How states of nodes are set to zero.
struct StateSetters {
  struct Setter {
    Node tile;                   ///< of zeros, into the state
    std::optional<Node> column;  ///< the part of the data that the zeros are like; none: constant
  };
  std::map<ValueId, Setter> by_state;
  std::set<ValueId> dropped;  ///< results of all nodes that are there for this alone
  bool drops(const Node& node) const {
    return !node.outputs.empty() && dropped.count(node.outputs[0]) > 0;
  }
};
StateSetters state_setters(const Graph& graph, const std::vector<bool>& chosen);

struct Int8Lstm {
  ValueId data = no_value;  ///< int8
  Quantization output;      ///< of the outputs and their state
  int cell_exponent = 0;
};

/// The nodes that stand for `node` and the setters of its states: those of the int8 form, if there
/// are any, and last the LSTM, whose output is still that of `node`. Constants and states are added
/// to the graph.
std::vector<Node> int8_lstm(Graph& graph, const Node& node, const Int8Lstm& form,
                            const StateSetters& setters);

}  // namespace wherry::quantize
