// Layers that do nothing when a model predicts: dropout, noise, regularisation.
#include "keras/layer_import.h"

namespace wherry::keras {
namespace {

Expected<Results> import(LayerImport& layer) {
  if (layer.in_training())
    return layer.unsupported(
        "the layer is called with training=True, so that it acts at random "
        "when the model predicts",
        {}, "call it without 'training', then save the model again");
  std::vector<ValueId> outputs;
  for (int i = 0; i < layer.input_count(); ++i) outputs.push_back(layer.input(i));
  return Results(outputs);
}

constexpr FixedList<ConfigKey, 40> dropout_keys = {ignored("rate"), ignored("noise_shape"),
                                                   ignored("seed"), ignored("data_format"),
                                                   ignored("stddev")};

constexpr LayerDef layers[] = {
    {.class_names = {"ActivityRegularization"},
     .config = {ignored("l1"), ignored("l2")},
     .mask = MaskRule::passes,
     .import = import,
     .doc = "nothing"},
    {.class_names = {"Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"},
     .config = dropout_keys,
     .mask = MaskRule::passes,
     .import = import,
     .doc = "nothing"},
    {.class_names = {"GaussianDropout", "GaussianNoise", "AlphaDropout"},
     .config = dropout_keys,
     .mask = MaskRule::passes,
     .import = import,
     .doc = "nothing"},
    {.class_names = {"Identity"}, .mask = MaskRule::passes, .import = import, .doc = "nothing"},
};

}  // namespace

LayerTable identity_layers() { return layer_table(layers); }

}  // namespace wherry::keras
