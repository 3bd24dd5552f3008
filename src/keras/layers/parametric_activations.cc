// Activations of Keras 1 with weights: ParametricSoftplus and SReLU.
#include <cmath>

#include "keras/layer_import.h"
#include "keras/nonlinearity.h"
#include "keras/shared_axes.h"

namespace wherry::keras {
namespace {

Expected<Results> import_softplus(LayerImport& layer) {
  Shape shape = TRY(element_weight_shape(layer));
  TRY(layer.take({"alpha", "betas"}));
  ValueId steep = TRY(layer.multiply(layer.input(), TRY(layer.weight("betas", shape))));
  return TRY(layer.multiply(TRY(softplus(layer, steep)), TRY(layer.weight("alpha", shape))));
}

/// Three straight lines: x between the two thresholds, other slopes outside. The upper threshold is
/// stored as a distance from the lower one, of which the size counts.
Expected<Results> import_srelu(LayerImport& layer) {
  Shape shape = TRY(element_weight_shape(layer));
  TRY(layer.take({"t_left", "a_left", "t_right", "a_right"}));
  std::vector<float> left = TRY(layer.floats("t_left", shape)),
                     right = TRY(layer.floats("t_right", shape));
  for (size_t i = 0; i < left.size(); ++i) right[i] = left[i] + std::abs(right[i]);
  ValueId x = layer.input(), from = TRY(layer.weight("t_left", shape)),
          to = layer.constant(std::move(right), shape, "t_right");
  auto outside = [&](ValueId a, ValueId b, std::string_view slope) -> Expected<ValueId> {
    ValueId distance = TRY(layer.node("RELU", {TRY(layer.subtract(a, b))}));
    return layer.multiply(distance, TRY(layer.weight(slope, shape)));
  };
  ValueId between = TRY(layer.minimum(TRY(layer.maximum(x, from)), to));
  ValueId above = TRY(layer.add(between, TRY(outside(x, to, "a_right"))));
  return TRY(layer.subtract(above, TRY(outside(from, x, "a_left"))));
}

constexpr LayerDef layers[] = {
    {.class_names = {"ParametricSoftplus"},
     .config = {anything("shared_axes"), ignored("alpha_init"), ignored("beta_init")},
     .mask = MaskRule::passes,
     .import = import_softplus,
     .doc = "the operators of softplus between two MUL"},
    {.class_names = {"SReLU"},
     .config = {anything("shared_axes"), ignored("t_left_init"), ignored("a_left_init"),
                ignored("t_right_init"), ignored("a_right_init")},
     .mask = MaskRule::passes,
     .import = import_srelu,
     .doc = "MAXIMUM, MINIMUM, and SUB, RELU, MUL for each side"},
};

}  // namespace

LayerTable parametric_activations_layers() { return layer_table(layers); }

}  // namespace wherry::keras
