// ConvLSTM1D, 2D and 3D: LSTMs whose products are convolutions.
#include "keras/layers/recurrent_options.h"
#include "keras/recurrent/recurrent_layer.h"

namespace wherry::keras {
namespace {

constexpr ConfigKey options[] = {integer("filters"),
                                 sizes("kernel_size"),
                                 sizes("strides", 1),
                                 text("padding", "valid"),
                                 text("data_format", "channels_last"),
                                 sizes("dilation_rate", 1),
                                 activation("activation", "tanh"),
                                 activation("recurrent_activation", "hard_sigmoid"),
                                 flag("use_bias", true),
                                 ignored("unit_forget_bias"),
                                 ignored("dropout"),
                                 ignored("recurrent_dropout"),
                                 ignored("implementation"),
                                 ignored("seed")};

constexpr LayerDef layers[] = {
    {.class_names = {"ConvLSTM1D"},
     .config = joined(options, sequence_options),
     .mask = MaskRule::own,
     .rank = 1,
     .import = import_recurrent,
     .doc = "CONV_2D over all steps at once, then unrolled or a WHILE loop with a CONV_2D"},
    {.class_names = {"ConvLSTM2D"},
     .config = joined(options, sequence_options),
     .mask = MaskRule::own,
     .rank = 2,
     .import = import_recurrent,
     .doc = "CONV_2D over all steps at once, then unrolled or a WHILE loop with a CONV_2D"},
    {.class_names = {"ConvLSTM3D"},
     .config = joined(options, sequence_options),
     .mask = MaskRule::own,
     .rank = 3,
     .import = import_recurrent,
     .doc = "CONV_3D over all steps at once, then unrolled or a WHILE loop with a CONV_3D"},
};

}  // namespace

LayerTable conv_lstm_layers() { return layer_table(layers); }

}  // namespace wherry::keras
