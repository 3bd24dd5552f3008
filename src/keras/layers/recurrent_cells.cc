// Cells: inside recurrent layers, or called by themselves for one step.
#include "keras/layers/recurrent_options.h"
#include "keras/recurrent/recurrent_layer.h"

namespace wherry::keras {
namespace {

Expected<Results> import(LayerImport& layer) {
  CellChain chain = TRY(CellChain::of(layer));
  Values states, after;
  for (int i = 1; i < layer.input_count(); ++i) states.push_back(layer.input(i));
  collect_tensors(layer.argument("states", 1), states);
  ENSURE(states.size() == chain.state_count(), "the cell has ", chain.state_count(),
         " states, but is called with ", states.size());
  ValueId x = TRY(layer.float_input());
  size_t used = 0;
  for (auto& cell : chain.cells) {
    auto first = states.begin() + static_cast<int64_t>(used);
    used += static_cast<size_t>(cell->state_count());
    Values next = TRY(cell->step(TRY(cell->project(x)), {first, first + cell->state_count()}));
    after.insert(after.end(), next.begin(), next.end());
    x = next[0];
  }
  after.insert(after.begin(), x);
  return Results(after);
}

constexpr ConfigKey stack_options[] = {layer_list("cells"), fixed("reverse_state_order")};

constexpr LayerDef layers[] = {
    {.class_names = {"LSTMCell"},
     .config = joined(cell_options, lstm_options),
     .import = import,
     .doc = "FULLY_CONNECTED, LOGISTIC, TANH and products"},
    {.class_names = {"GRUCell"},
     .config = joined(cell_options, gru_options),
     .import = import,
     .doc = "FULLY_CONNECTED, LOGISTIC, TANH and products"},
    {.class_names = {"SimpleRNNCell"},
     .config = joined(cell_options),
     .import = import,
     .doc = "FULLY_CONNECTED, ADD and TANH"},
    {.class_names = {"StackedRNNCells"},
     .config = joined(stack_options),
     .import = import,
     .doc = "its cells, one after the other"},
};

}  // namespace

LayerTable recurrent_cells_layers() { return layer_table(layers); }

}  // namespace wherry::keras
