// Layers that apply an activation function.
#include <cmath>

#include "keras/layer_import.h"
#include "keras/nonlinearity.h"
#include "keras/shared_axes.h"

namespace wherry::keras {
namespace {

Expected<Results> import_activation(LayerImport& layer) {
  return TRY(layer.activate(layer.input()));
}

Expected<Results> import_relu(LayerImport& layer) {
  ReluShape shape{.slope = layer.real("negative_slope"), .threshold = layer.real("threshold")};
  if (layer.has("max_value")) shape.max_value = layer.real("max_value");
  return TRY(relu(layer, layer.input(), shape));
}

Expected<Results> import_leaky_relu(LayerImport& layer) {
  bool newer = layer.has("negative_slope");
  return TRY(leaky_relu(layer, layer.input(), layer.real(newer ? "negative_slope" : "alpha")));
}

Expected<Results> import_elu(LayerImport& layer) {
  return TRY(elu(layer, layer.input(), layer.real("alpha")));
}

Expected<Results> import_thresholded_relu(LayerImport& layer) {
  return TRY(threshold(layer, layer.input(), layer.real("theta"), 0));
}

// Keras 3 leaves masked elements at 0 even where all of an axis are.
Expected<Results> import_softmax(LayerImport& layer) {
  const PyValue& axis = layer.option("axis");
  std::vector<int64_t> axes;
  for (const PyValue& item : axis.items()) axes.push_back(item.integer());
  if (!axis.is_list()) axes.push_back(axis.is_none() ? -1 : axis.integer());
  ValueId x = TRY(layer.float_input()), mask = TRY(layer.mask());
  if (mask == no_value) return TRY(softmax(layer, x, axes));
  mask = TRY(layer.cast(mask, DType::boolean));
  x = TRY(layer.select(mask, x, TRY(layer.number(-1e9, x))));
  ValueId y = TRY(softmax(layer, x, axes));
  if (layer.dialect() != Dialect::keras3) return y;
  return TRY(layer.select(mask, y, TRY(layer.number(0, y))));
}

/// PRELU broadcasts its slopes; shared axes have one.
Expected<Results> import_prelu(LayerImport& layer) {
  ValueId x = layer.input();
  Shape slopes = TRY(element_weight_shape(layer));
  TRY(layer.take({"alpha"}));
  return TRY(layer.node("PRELU", {x, TRY(layer.weight("alpha", slopes))}));
}

constexpr LayerDef layers[] = {
    {.class_names = {"Activation"},
     .config = {activation("activation")},
     .mask = MaskRule::passes,
     .import = import_activation,
     .doc = "the activation's operators"},
    {.class_names = {"ReLU"},
     .config = {real("max_value", INFINITY), real("negative_slope", 0), real("threshold", 0)},
     .mask = MaskRule::passes,
     .import = import_relu,
     .doc = "RELU, RELU6, LEAKY_RELU, or these with MINIMUM and the like"},
    {.class_names = {"LeakyReLU"},
     .config = {real("negative_slope", 0.3), real("alpha", 0.3)},
     .mask = MaskRule::passes,
     .import = import_leaky_relu,
     .doc = "LEAKY_RELU"},
    {.class_names = {"ELU"},
     .config = {real("alpha", 1)},
     .mask = MaskRule::passes,
     .import = import_elu,
     .doc = "ELU, with LEAKY_RELU for other values of alpha"},
    {.class_names = {"ThresholdedReLU"},
     .config = {real("theta", 1)},
     .mask = MaskRule::passes,
     .import = import_thresholded_relu,
     .doc = "GREATER and SELECT_V2"},
    {.class_names = {"Softmax"},
     .config = {anything("axis")},
     .mask = MaskRule::passes,
     .import = import_softmax,
     .doc = "SOFTMAX, between two TRANSPOSE for other axes than the last; a mask by SELECT_V2"},
    {.class_names = {"PReLU"},
     .config = {anything("shared_axes")},
     .mask = MaskRule::passes,
     .import = import_prelu,
     .doc = "PRELU"},
};

}  // namespace

LayerTable activations_layers() { return layer_table(layers); }

}  // namespace wherry::keras
