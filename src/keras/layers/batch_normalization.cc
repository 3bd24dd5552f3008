// BatchNormalization: one multiplication and one addition by channel, which the passes fold into
// neighbours.
#include <cmath>

#include "keras/layer_import.h"

namespace wherry::keras {
namespace {

/// The axes, written as a number or a list.
Expected<std::vector<int>> normalized_axes(LayerImport& layer, ValueId x) {
  const PyValue& written = layer.option("axis");
  std::vector<int> axes;
  for (const PyValue& item : written.items()) axes.push_back(TRY(layer.axis(item.integer(), x)));
  if (written.is_none()) axes.push_back(TRY(layer.axis(-1, x)));
  if (written.is_integer()) axes.push_back(TRY(layer.axis(written.integer(), x)));
  ENSURE(!axes.empty(), "the option 'axis' names no axis: ", written.shown());
  return axes;
}

/// Weights by one axis are a vector, by several a tensor with 1 along the others.
struct WeightShape {
  Shape stored, aligned;  ///< in the file, and lined up with the input
};

Expected<WeightShape> weight_shape(LayerImport& layer, ValueId x) {
  std::vector<int> axes = TRY(normalized_axes(layer, x));
  Shape shape;
  for (int i = 0; i < layer.rank(x); ++i) shape.push_back(1);
  for (int axis : axes) {
    shape[axis] = layer.shape(x)[axis];
    ENSURE(shape[axis] > 0, "the normalised axis must be known, got ", text_of(layer.shape(x)));
  }
  if (axes.size() > 1) return WeightShape{shape, shape};
  Shape aligned;
  for (int i = axes[0]; i < layer.rank(x); ++i) aligned.push_back(shape[i]);
  return WeightShape{Shape{shape[axes[0]]}, aligned};
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
  WeightShape shape = TRY(weight_shape(layer, x));
  bool scale = layer.flag("scale"), center = layer.flag("center"), renorm = layer.flag("renorm");
  TRY(layer.take({scale ? "gamma" : "", center ? "beta" : "", "moving_mean", "moving_variance",
                  renorm ? "moving_stddev" : "", renorm ? "renorm_mean" : "",
                  renorm ? "renorm_stddev" : ""}));
  std::vector<float> mean = TRY(layer.floats("moving_mean", shape.stored)),
                     variance = TRY(layer.floats("moving_variance", shape.stored));
  std::vector<float> gamma(mean.size(), 1.0f), beta(mean.size(), 0.0f);
  if (scale) gamma = TRY(layer.floats("gamma", shape.stored));
  if (center) beta = TRY(layer.floats("beta", shape.stored));
  for (size_t c = 0; c < gamma.size(); ++c) {
    double factor = gamma[c] / std::sqrt(static_cast<double>(variance[c]) + layer.real("epsilon"));
    beta[c] = static_cast<float>(beta[c] - mean[c] * factor);
    gamma[c] = static_cast<float>(factor);
  }
  ValueId y = TRY(layer.multiply(x, layer.constant(std::move(gamma), shape.aligned, "scale")));
  return TRY(layer.add(y, layer.constant(std::move(beta), shape.aligned, "shift")));
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
               flag("renorm", false),
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
