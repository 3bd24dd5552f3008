// Layers that keras.applications has for its own networks: LayerScale and StochasticDepth of
// ConvNeXt, CustomScaleLayer of InceptionResNetV2.
#include "keras/layer_import.h"

namespace wherry::keras {
namespace {

/// The only weight, which Keras leaves without a name.
std::string_view role_of_gamma(const LayerImport& layer) {
  for (std::string_view role : {"variable", "Variable"}) {
    if (layer.scope().named(role)) return role;
  }
  return "gamma";
}

Expected<Results> import_scale(LayerImport& layer) {
  ValueId x = TRY(layer.float_input());
  std::string_view gamma = role_of_gamma(layer);
  TRY(layer.take({gamma}));
  return TRY(layer.multiply(x, TRY(layer.weight(gamma, {layer.integer("projection_dim")}))));
}

Expected<Results> import_depth(LayerImport& layer) {
  if (layer.in_training())
    return layer.unsupported(
        "the layer is called with training=True, so that it acts at random when the model predicts",
        {}, "call it without 'training', then save the model again");
  return layer.input();
}

Expected<Results> import_scaled_sum(LayerImport& layer) {
  ENSURE(layer.input_count() == 2, "the layer takes two inputs, but gets ", layer.input_count());
  ValueId x = TRY(layer.float_input(0)), branch = TRY(layer.float_input(1));
  return TRY(layer.node("ADD", {x, TRY(layer.times(branch, layer.real("scale")))}));
}

constexpr LayerDef layers[] = {
    {.class_names = {"LayerScale"},
     .config = {integer("projection_dim"), ignored("init_values")},
     .import = import_scale,
     .doc = "MUL"},
    {.class_names = {"StochasticDepth"},
     .config = {ignored("drop_path_rate")},
     .import = import_depth,
     .doc = "nothing"},
    {.class_names = {"CustomScaleLayer"},
     .config = {real("scale")},
     .import = import_scaled_sum,
     .doc = "MUL, ADD; the MUL is folded into the layer before"},
};

}  // namespace

LayerTable layer_scale_layers() { return layer_table(layers); }

}  // namespace wherry::keras
