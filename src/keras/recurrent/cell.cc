// Finds the cell behind a class name.
#include "keras/recurrent/cell.h"

namespace wherry::keras {
namespace {

struct Row {
  std::string_view class_name;
  Expected<std::unique_ptr<Cell>> (*make)(LayerImport layer);
};

constexpr Row rows[] = {
    {"LSTM", make_lstm_cell},
    {"LSTMCell", make_lstm_cell},
    {"CuDNNLSTM", make_lstm_cell},
    {"GRU", make_gru_cell},
    {"GRUCell", make_gru_cell},
    {"CuDNNGRU", make_gru_cell},
    {"SimpleRNN", make_simple_rnn_cell},
    {"SimpleRNNCell", make_simple_rnn_cell},
    {"ConvLSTM1D", make_conv_lstm_cell},
    {"ConvLSTM2D", make_conv_lstm_cell},
    {"ConvLSTM3D", make_conv_lstm_cell},
};

const Row* find_row(std::string_view class_name) {
  for (const Row& row : rows) {
    if (row.class_name == class_name) return &row;
  }
  return nullptr;
}

}  // namespace

bool has_cell(std::string_view class_name) { return find_row(class_name) != nullptr; }

Expected<std::unique_ptr<Cell>> make_cell(LayerImport layer) {
  const Row* row = find_row(layer.record().class_name);
  if (!row)
    return layer.unsupported("this class is no recurrent cell that is known here",
                             quoted(layer.record().class_name));
  return row->make(std::move(layer));
}

Expected<ValueId> Cell::fused(const FusedSequence&) {
  return layer_.unsupported("no operator computes a whole sequence of this cell");
}

Expected<std::unique_ptr<Cell>> Cell::in_graph(GraphState& graph) const {
  return make_cell(layer_.in_graph(graph));
}

}  // namespace wherry::keras
