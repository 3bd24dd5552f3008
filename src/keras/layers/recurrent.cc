// Recurrent layers: LSTM, GRU, SimpleRNN and RNN, and those that cuDNN computed.
#include "keras/layers/recurrent_options.h"
#include "keras/recurrent/recurrent_layer.h"

namespace wherry::keras {
namespace {

constexpr FixedList<ConfigKey, 40> lstm = joined(cell_options, lstm_options, sequence_options);
constexpr FixedList<ConfigKey, 40> gru = joined(cell_options, gru_options, sequence_options);
constexpr FixedList<ConfigKey, 40> simple = joined(cell_options, sequence_options);
constexpr ConfigKey any_cell[] = {inner_layer("cell")};
constexpr ConfigKey cudnn_options[] = {integer("units"), activation("activation", "tanh"),
                                       activation("recurrent_activation", "sigmoid"),
                                       ignored("unit_forget_bias")};

constexpr LayerDef layers[] = {
    {.class_names = {"LSTM"},
     .config = lstm,
     .mask = MaskRule::own,
     .import = import_recurrent,
     .doc = "UNIDIRECTIONAL_SEQUENCE_LSTM where exact, else unrolled or a WHILE loop"},
    {.class_names = {"GRU"},
     .config = gru,
     .mask = MaskRule::own,
     .import = import_recurrent,
     .doc =
         "FULLY_CONNECTED and its activations, unrolled when steps are few, else in a WHILE loop"},
    {.class_names = {"SimpleRNN"},
     .config = simple,
     .mask = MaskRule::own,
     .import = import_recurrent,
     .doc = "UNIDIRECTIONAL_SEQUENCE_RNN where exact, else unrolled or a WHILE loop"},
    {.class_names = {"RNN"},
     .config = joined(any_cell, sequence_options),
     .mask = MaskRule::own,
     .import = import_recurrent,
     .doc = "as the layers of its cells, one after the other"},
    {.class_names = {"CuDNNLSTM"},
     .config = joined(cudnn_options, sequence_options),
     .mask = MaskRule::own,
     .import = import_recurrent,
     .doc = "as LSTM"},
    {.class_names = {"CuDNNGRU"},
     .config = joined(cudnn_options, sequence_options),
     .mask = MaskRule::own,
     .import = import_recurrent,
     .doc = "as GRU"},
};

}  // namespace

LayerTable recurrent_layers() { return layer_table(layers); }

}  // namespace wherry::keras
