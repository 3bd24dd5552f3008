// A recurrent layer as a whole: its options, its call, its cell or stack of cells.
#pragma once

#include "keras/recurrent/cell.h"

namespace wherry::keras {

/// What a wrapper decides in place of the layer's options.
struct RecurrentWrapping {
  bool turned_around = false;      ///< the other direction than the option says
  bool zero_where_masked = false;  ///< for layers that return sequences
};

/// A cell with the layer that says what it is: the cells of a stack one after the other.
struct CellChain {
  std::vector<LayerImport> layers;
  std::vector<std::unique_ptr<Cell>> cells;

  /// The cells of a layer, or of a cell that is used by itself;
  static Expected<CellChain> of(LayerImport& layer);
  size_t state_count() const;

 private:
  Status add(LayerImport cell, const WeightScope& scope);
};

/// All tensors in an argument, in order.
void collect_tensors(const PyValue& value, Values& found);

/// True for layers that import_recurrent takes.
bool is_recurrent(const LayerDef& def);
/// One call of LSTM, GRU, SimpleRNN, RNN, ConvLSTM or a cuDNN layer.
Expected<Results> import_recurrent(LayerImport& layer, const RecurrentWrapping& wrapping);
Expected<Results> import_recurrent(LayerImport& layer);

}  // namespace wherry::keras
