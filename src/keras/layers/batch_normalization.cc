// BatchNormalization: one multiplication and one addition by channel, which the passes fold into
// neighbours.
#include <cmath>

#include "keras/layer_import.h"

namespace wherry::keras {
namespace {

/// The axis, written as a number or a list of one.
Expected<int> normalized_axis(LayerImport& layer, ValueId x) {
  const PyValue& written = layer.option("axis");
  if (written.is_none()) return layer.axis(-1, x);
  if (written.is_list() && written.items().size() == 1)
    return layer.axis(written.items()[0].integer(), x);
  if (!written.is_integer())
    return layer.unsupported("only one axis can be normalised", written.shown());
  return layer.axis(written.integer(), x);
}

/// Mode 1 of Keras 1: each sample by the mean and deviation of its own last axis.
Expected<ValueId> by_sample(LayerImport& layer, ValueId x) {
  int64_t channels = layer.shape(x).back();
  TRY(layer.take({"gamma", "beta", "moving_mean", "moving_variance"}));
  ValueId mean = TRY(layer.reduce("MEAN", x, {-1}, true)),
          difference = TRY(layer.subtract(x, mean));
  ValueId square = TRY(layer.node("SQUARE", {difference}));
  ValueId variance = TRY(layer.reduce("MEAN", square, {-1}, true));
  double epsilon = layer.real("epsilon");
  ValueId deviation = TRY(layer.node("SQRT", {TRY(layer.plus(variance, epsilon))}));
  ValueId y = TRY(layer.divide(difference, TRY(layer.plus(deviation, epsilon))));
  y = TRY(layer.multiply(y, TRY(layer.weight("gamma", {channels}))));
  return layer.add(y, TRY(layer.weight("beta", {channels})));
}

Expected<Results> import(LayerImport& layer) {
  ValueId x = TRY(layer.float_input());
  if (layer.integer("mode") == 1) return TRY(by_sample(layer, x));
  if (layer.integer("mode") != 0)
    return layer.unsupported(
        "the layer normalises by the mean and variance of each batch, even when it predicts",
        cat("mode=", layer.integer("mode")), "train it with mode=0, then save the model again");
  int axis = TRY(normalized_axis(layer, x));
  int64_t channels = layer.shape(x)[axis];
  ENSURE(channels > 0, "the normalised axis must be known, got ", text_of(layer.shape(x)));
  bool scale = layer.flag("scale"), center = layer.flag("center");
  TRY(layer.take({scale ? "gamma" : "", center ? "beta" : "", "moving_mean", "moving_variance"}));
  std::vector<float> mean = TRY(layer.floats("moving_mean", {channels})),
                     variance = TRY(layer.floats("moving_variance", {channels}));
  std::vector<float> gamma(static_cast<size_t>(channels), 1.0f),
      beta(static_cast<size_t>(channels), 0.0f);
  if (scale) gamma = TRY(layer.floats("gamma", {channels}));
  if (center) beta = TRY(layer.floats("beta", {channels}));
  for (size_t c = 0; c < gamma.size(); ++c) {
    double factor = gamma[c] / std::sqrt(static_cast<double>(variance[c]) + layer.real("epsilon"));
    beta[c] = static_cast<float>(beta[c] - mean[c] * factor);
    gamma[c] = static_cast<float>(factor);
  }
  // Behind the axis, extents of 1 line the constants up with the channels.
  Shape shape{channels};
  for (int i = axis + 1; i < layer.rank(x); ++i) shape.push_back(1);
  ValueId y = TRY(layer.multiply(x, layer.constant(std::move(gamma), shape, "scale")));
  return TRY(layer.add(y, layer.constant(std::move(beta), shape, "shift")));
}

constexpr LayerDef batch_normalization = {
    .class_names = {"BatchNormalization", "SyncBatchNormalization"},
    .config = {anything("axis"),
               real("epsilon", 1e-3),
               flag("center", true),
               flag("scale", true),
               ignored("momentum"),
               integer("mode", 0),
               ignored("synchronized"),
               ignored("fused"),
               fixed("renorm"),
               ignored("renorm_clipping"),
               ignored("renorm_momentum"),
               ignored("virtual_batch_size"),
               ignored("adjustment"),
               ignored("gamma_init"),
               ignored("beta_init"),
               ignored("gamma_initializer"),
               ignored("beta_initializer"),
               ignored("moving_mean_initializer"),
               ignored("moving_variance_initializer"),
               ignored("gamma_regularizer"),
               ignored("beta_regularizer"),
               ignored("gamma_constraint"),
               ignored("beta_constraint")},
    .mask = MaskRule::passes,
    .import = import,
    .doc = "MUL and ADD, folded into a neighbouring linear operator where exact"};

}  // namespace

LayerTable batch_normalization_layers() { return layer_table(batch_normalization); }

}  // namespace wherry::keras
