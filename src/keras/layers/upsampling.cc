// UpSampling1D, UpSampling2D and UpSampling3D: each sample repeated, or pictures resized.
#include "keras/layer_import.h"
#include "keras/pictures.h"

namespace wherry::keras {
namespace {

Expected<Results> import_upsampling(LayerImport& layer) {
  ValueId x = TRY(layer.channels_to_last(TRY(layer.float_input())));
  ENSURE(layer.rank(x) == 4, "the layer needs an input of rank 4, but gets ",
         text_of(layer.shape(x)));
  std::vector<int64_t> factors = TRY(layer.sizes("size", 2));
  std::string method = lower(layer.text("interpolation"));
  ValueId y = TRY(enlarged(layer, x, {factors[0], factors[1]}, method));
  return TRY(layer.channels_from_last(y));
}

/// Repeats along each spatial axis: an axis of 1 behind it is tiled and merged.
Expected<Results> import_repetition(LayerImport& layer) {
  int rank = layer.def().rank;
  ValueId x = TRY(layer.channels_to_last(layer.input()));
  ENSURE(layer.rank(x) == rank + 2, "the layer needs an input of rank ", rank + 2, ", but gets ",
         text_of(layer.shape(x)));
  std::vector<int64_t> factors = TRY(layer.sizes("size", rank));
  for (int axis = 1; axis <= rank; ++axis) {
    std::vector<int64_t> multiples(static_cast<size_t>(rank) + 3, 1);
    multiples[static_cast<size_t>(axis) + 1] = factors[static_cast<size_t>(axis - 1)];
    x = TRY(layer.merge_axes(TRY(layer.tile(TRY(layer.expand(x, axis + 1)), multiples)), axis,
                             axis + 2));
  }
  return TRY(layer.channels_from_last(x));
}

constexpr LayerDef layers[] = {
    {.class_names = {"UpSampling1D"},
     .config = {sizes("size", 2), fixed("length")},
     .rank = 1,
     .import = import_repetition,
     .doc = "RESHAPE and TILE"},
    {.class_names = {"UpSampling2D"},
     .config = {sizes("size", 2), text("interpolation", "nearest"),
                text("data_format", "channels_last")},
     .rank = 2,
     .import = import_upsampling,
     .doc = "RESIZE_NEAREST_NEIGHBOR, RESIZE_BILINEAR, or two products with constant matrices"},
    {.class_names = {"UpSampling3D"},
     .config = {sizes("size", 2), text("data_format", "channels_last")},
     .rank = 3,
     .import = import_repetition,
     .doc = "RESHAPE and TILE"},
};

}  // namespace

LayerTable upsampling_layers() { return layer_table(layers); }

}  // namespace wherry::keras
