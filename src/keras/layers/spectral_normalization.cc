// SpectralNormalization: its training leaves normalised weights in the wrapped layer, which is all
// that prediction uses.
#include "keras/layer_import.h"

namespace wherry::keras {
namespace {

Expected<Results> import(LayerImport& layer) {
  if (layer.in_training())
    return layer.unsupported(
        "the layer is called with training=True, so that it changes its weights when the model "
        "predicts",
        {}, "call it without 'training', then save the model again");
  const PyValue& record = layer.option("layer");
  std::string name(record.at("config").at("name").text());
  return layer.import_inner(record, layer.call(), layer.scope().sub("layer", name));
}

constexpr LayerDef spectral_normalization = {
    .class_names = {"SpectralNormalization"},
    .config = {inner_layer("layer"), ignored("power_iterations")},
    .mask = MaskRule::passes,
    .import = import,
    .doc = "the operators of the layer inside, with its weights as training normalised them"};

}  // namespace

LayerTable spectral_normalization_layers() { return layer_table(spectral_normalization); }

}  // namespace wherry::keras
