// RandomFourierFeatures: the cosine of a product with fixed random weights.
#include "keras/layer_import.h"

namespace wherry::keras {
namespace {

Expected<Results> import(LayerImport& layer) {
  ValueId x = TRY(layer.float_input());
  ENSURE(layer.rank(x) == 2 && layer.shape(x)[1] > 0,
         "the layer needs an input [batch, features], but gets ", text_of(layer.shape(x)));
  int64_t depth = layer.shape(x)[1], units = layer.integer("output_dim");
  ENSURE(units > 0, "the option 'output_dim' should be positive, got ", units);
  TRY(layer.take({"kernel_scale", "unscaled_kernel", "bias"}));
  std::vector<float> stored = TRY(layer.floats("unscaled_kernel", {depth, units})),
                     scale = TRY(layer.floats("kernel_scale", {1})), kernel(stored.size());
  size_t rows = static_cast<size_t>(depth), columns = static_cast<size_t>(units);
  for (size_t i = 0; i < stored.size(); ++i)
    kernel[i % columns * rows + i / columns] = stored[i] / scale[0];
  ValueId weights = layer.constant(std::move(kernel), {units, depth}, "kernel");
  ValueId bias = TRY(layer.weight("bias", {units}));
  return TRY(layer.node("COS", {TRY(layer.fully_connected(x, weights, bias))}));
}

constexpr LayerDef random_features = {
    .class_names = {"RandomFourierFeatures"},
    .config = {integer("output_dim"), ignored("kernel_initializer"), ignored("scale")},
    .import = import,
    .doc = "FULLY_CONNECTED and COS"};

}  // namespace

LayerTable random_features_layers() { return layer_table(random_features); }

}  // namespace wherry::keras
