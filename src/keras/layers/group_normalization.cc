// GroupNormalization: each sample's statistics over groups of channels and everything beside them.
#include "keras/layer_import.h"
#include "keras/normalize.h"

namespace wherry::keras {
namespace {

/// How a weight by channel lines up with the data: [groups, channels in each, 1...] or
/// [channels, 1...].
Shape aligned_shape(int64_t channels, int64_t split, int axes_behind) {
  Shape aligned = split ? Shape{split, channels / split} : Shape{channels};
  for (int i = 0; i < axes_behind; ++i) aligned.push_back(1);
  return aligned;
}

Expected<Results> import(LayerImport& layer) {
  ValueId x = TRY(layer.float_input());
  int axis = TRY(layer.axis(layer.integer("axis"), x)), rank = layer.rank(x);
  int64_t channels = layer.shape(x)[axis], groups = layer.integer("groups");
  if (groups == -1) groups = channels;
  ENSURE(axis > 0 && channels > 0 && groups > 0 && channels % groups == 0, "an input of ",
         text_of(layer.shape(x)), " does not make ", groups, " groups along axis ", axis);
  bool scale = layer.flag("scale"), center = layer.flag("center");
  TRY(layer.take({scale ? "gamma" : "", center ? "beta" : ""}));
  // One group, or groups of one channel: x needs no axis more.
  bool splits = groups > 1 && groups < channels;
  Extents original = layer.extents(x);
  if (splits) {
    Extents parted = original;
    parted[static_cast<size_t>(axis)] = Extent(channels / groups);
    parted.insert(parted.begin() + axis, Extent(groups));
    x = TRY(layer.reshape(x, parted));
  }
  std::vector<int64_t> reduced;
  for (int i = 1; i < layer.rank(x); ++i) {
    if (i != axis || groups == 1) reduced.push_back(i);
  }
  ValueId y = x;
  if (reduced.empty()) {  // each element by itself: what is left over is x - x
    y = TRY(layer.subtract(x, x));
  } else {
    y = TRY(standardized(layer, x, reduced, layer.real("epsilon")));
  }
  Layout aligned{.shape = aligned_shape(channels, splits ? groups : 0, rank - 1 - axis)};
  if (scale) y = TRY(layer.multiply(y, TRY(layer.weight("gamma", {channels}, aligned))));
  if (center) y = TRY(layer.add(y, TRY(layer.weight("beta", {channels}, aligned))));
  return splits ? TRY(layer.reshape(y, original)) : y;
}

constexpr LayerDef group_normalization = {
    .class_names = {"GroupNormalization"},
    .config = {integer("groups", 32), integer("axis", -1), real("epsilon", 1e-3),
               flag("center", true), flag("scale", true)},
    .mask = MaskRule::passes,
    .import = import,
    .doc = "RESHAPE into groups, the operators of LayerNormalization, RESHAPE"};

}  // namespace

LayerTable group_normalization_layers() { return layer_table(group_normalization); }

}  // namespace wherry::keras
