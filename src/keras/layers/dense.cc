// Dense and TernaryDense: x . kernel + bias over the last axis.
#include <cmath>

#include "keras/layer_import.h"
#include "keras/quantized_weights.h"

namespace wherry::keras {
namespace {

struct Sizes {
  int64_t depth, units;
};

Expected<Sizes> sizes_of(LayerImport& layer, ValueId x) {
  int64_t depth = layer.rank(x) ? layer.shape(x).back() : -1, units = layer.integer("units");
  ENSURE(layer.rank(x) >= 2 && depth > 0, "the layer needs an input whose last axis is known, got ",
         text_of(layer.shape(x)));
  ENSURE(units > 0, "the option 'units' should be positive, got ", units);
  return Sizes{depth, units};
}

Expected<Results> multiply(LayerImport& layer, ValueId x, ValueId kernel, int64_t units) {
  ValueId bias = layer.holds("bias") ? TRY(layer.weight("bias", {units})) : no_value;
  return TRY(layer.activate(TRY(layer.fully_connected(x, kernel, bias))));
}

/// What Keras quantised: the product of whole numbers, or of what they stand for.
Expected<Results> multiply_quantized(LayerImport& layer, const QuantizedForm& form, ValueId x,
                                     ValueId kernel) {
  int64_t units = layer.integer("units");
  RoundedInputs rounded = TRY(rounded_inputs(layer, form, x, {layer.rank(x) - 1}));
  ValueId y = TRY(layer.fully_connected(rounded.numbers, kernel)), scale = rounded.scale;
  if (form.mode == QuantizedMode::int8) {
    ValueId own = TRY(layer.weight("kernel_scale", {units}));
    scale = scale == no_value ? own : TRY(layer.multiply(scale, own));
  }
  if (scale != no_value) y = TRY(layer.divide(y, scale));
  if (layer.holds("bias")) y = TRY(layer.add(y, TRY(layer.weight("bias", {units}))));
  return TRY(layer.activate(y));
}

Expected<Results> import_dense(LayerImport& layer) {
  ValueId x = TRY(layer.float_input());
  Sizes sizes = TRY(sizes_of(layer, x));
  QuantizedForm form = TRY(quantized_form(layer.record()));
  TRY(take_quantized_kernel(layer, form, {sizes.depth, sizes.units}, layer.flag("use_bias")));
  ValueId kernel = TRY(layer.weight("kernel", {sizes.depth, sizes.units}, {.order = {1, 0}}));
  bool whole = form.mode == QuantizedMode::int8 || form.mode == QuantizedMode::float8;
  if (whole || form.inputs) return multiply_quantized(layer, form, x, kernel);
  return multiply(layer, x, kernel, sizes.units);
}

// Weights count by their sign where they are large enough. Without a threshold of its own the layer
// takes half of their mean size, and that mean as what each counts.
Expected<Results> import_ternary(LayerImport& layer) {
  ValueId x = TRY(layer.float_input());
  Sizes sizes = TRY(sizes_of(layer, x));
  TRY(layer.take({"kernel", layer.flag("use_bias") ? "bias" : ""}));
  std::vector<float> stored = TRY(layer.floats("kernel", {sizes.depth, sizes.units}));
  double mean = 0;
  for (float weight : stored) mean += std::abs(weight) / static_cast<double>(stored.size());
  bool given = layer.has("threshold");
  float threshold = static_cast<float>(given ? layer.real("threshold") : mean / 2),
        size = given ? 1.0f : static_cast<float>(mean);
  std::vector<float> kernel(stored.size());
  for (size_t i = 0; i < stored.size(); ++i) {
    size_t row = i / static_cast<size_t>(sizes.units),
           column = i % static_cast<size_t>(sizes.units);
    float weight = std::abs(stored[i]) > threshold ? std::copysign(size, stored[i]) : 0.0f;
    kernel[column * static_cast<size_t>(sizes.depth) + row] = weight;
  }
  ValueId weights = layer.constant(std::move(kernel), {sizes.units, sizes.depth}, "kernel");
  return multiply(layer, x, weights, sizes.units);
}

constexpr LayerDef layers[] = {
    {.class_names = {"Dense"},
     .config = {integer("units"), activation("activation"), flag("use_bias", true),
                anything("quantization_config")},
     .mask = MaskRule::passes,
     .import = import_dense,
     .doc = "a FULLY_CONNECTED operator"},
    {.class_names = {"TernaryDense"},
     .config = {integer("units"), real("threshold", 0), activation("activation"),
                flag("use_bias", true), ignored("quantization_config")},
     .mask = MaskRule::passes,
     .import = import_ternary,
     .doc = "FULLY_CONNECTED with weights of three values"},
};

}  // namespace

LayerTable dense_layers() { return layer_table(layers); }

}  // namespace wherry::keras
