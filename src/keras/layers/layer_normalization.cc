// LayerNormalization, RMSNormalization, UnitNormalization: statistics of each sample over given
// axes, then a scale and a shift by element.
#include <algorithm>

#include "keras/layer_import.h"
#include "keras/normalize.h"

namespace wherry::keras {
namespace {

/// The option "axis": a number or a list of them, from the front and in order.
Expected<std::vector<int64_t>> normalized_axes(LayerImport& layer, ValueId x) {
  const PyValue& written = layer.option("axis");
  std::vector<int64_t> axes;
  for (const PyValue& item : written.items()) axes.push_back(TRY(layer.axis(item.integer(), x)));
  if (!written.is_list())
    axes.push_back(TRY(layer.axis(written.is_none() ? -1 : written.integer(), x)));
  std::sort(axes.begin(), axes.end());
  bool repeats = std::adjacent_find(axes.begin(), axes.end()) != axes.end();
  ENSURE(!axes.empty() && !repeats,
         "the option 'axis' names no axes, or one twice: ", written.shown());
  return axes;
}

/// Extents of x along the axes: the shape of a weight.
Expected<Shape> extents_along(LayerImport& layer, ValueId x, const std::vector<int64_t>& axes) {
  Shape extents;
  for (int64_t axis : axes) extents.push_back(layer.shape(x)[static_cast<int>(axis)]);
  ENSURE(extents.elements() > 0 && *std::min_element(extents.begin(), extents.end()) > 0,
         "the normalised axes must be known, got ", text_of(layer.shape(x)));
  return extents;
}

/// A weight by axis, with extents of 1 that line it up with x.
Expected<ValueId> aligned_weight(LayerImport& layer, std::string_view role, ValueId x,
                                 const std::vector<int64_t>& axes) {
  Shape stored = TRY(extents_along(layer, x, axes)), aligned;
  size_t next = 0;
  for (int i = static_cast<int>(axes[0]); i < layer.rank(x); ++i) {
    bool own = next < axes.size() && axes[next] == i;
    aligned.push_back(own ? stored[static_cast<int>(next++)] : 1);
  }
  return layer.weight(role, stored, {.shape = aligned});
}

Expected<Results> import_layer_normalization(LayerImport& layer) {
  ValueId x = TRY(layer.float_input());
  std::vector<int64_t> axes = TRY(normalized_axes(layer, x));
  bool by_variance = layer.flag("rms_scaling"), scale = layer.flag("scale") || by_variance,
       center = layer.flag("center") && !by_variance;
  TRY(layer.take({scale ? "gamma" : "", center ? "beta" : ""}));
  ValueId y = by_variance ? TRY(by_deviation(layer, x, axes, layer.real("epsilon")))
                          : TRY(standardized(layer, x, axes, layer.real("epsilon")));
  if (scale) y = TRY(layer.multiply(y, TRY(aligned_weight(layer, "gamma", x, axes))));
  if (center) y = TRY(layer.add(y, TRY(aligned_weight(layer, "beta", x, axes))));
  return y;
}

// The scale is multiplied as it is stored: for other axes than the last ones it lines up with
// those nevertheless.
Expected<Results> import_rms_normalization(LayerImport& layer) {
  ValueId x = TRY(layer.float_input());
  std::vector<int64_t> axes = TRY(normalized_axes(layer, x));
  TRY(layer.take({"scale"}));
  ValueId scale = TRY(layer.weight("scale", TRY(extents_along(layer, x, axes))));
  ValueId y = TRY(by_root_mean_square(layer, x, axes, layer.real("epsilon")));
  return TRY(layer.multiply(y, scale));
}

Expected<Results> import_unit_normalization(LayerImport& layer) {
  ValueId x = TRY(layer.float_input());
  return TRY(unit_length(layer, x, TRY(normalized_axes(layer, x))));
}

constexpr LayerDef layers[] = {
    {.class_names = {"LayerNormalization"},
     .config = {anything("axis"), real("epsilon", 1e-3), flag("center", true), flag("scale", true),
                flag("rms_scaling", false)},
     .mask = MaskRule::passes,
     .import = import_layer_normalization,
     .doc = "MEAN, SUB, SQUARE, MEAN, ADD, RSQRT, MUL, then MUL and ADD with the weights"},
    {.class_names = {"RMSNormalization"},
     .config = {anything("axis"), real("epsilon", 1e-6)},
     .import = import_rms_normalization,
     .doc = "SQUARE, MEAN, ADD, RSQRT, MUL, then MUL with the weight"},
    {.class_names = {"UnitNormalization"},
     .config = {anything("axis")},
     .mask = MaskRule::passes,
     .import = import_unit_normalization,
     .doc = "L2_NORMALIZATION; SQUARE, SUM, MAXIMUM, RSQRT, MUL for other axes than the last"},
};

}  // namespace

LayerTable layer_normalization_layers() { return layer_table(layers); }

}  // namespace wherry::keras
