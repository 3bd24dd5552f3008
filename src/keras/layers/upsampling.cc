// UpSampling1D, UpSampling2D and UpSampling3D: each sample repeated, or pictures resized.
#include "keras/layer_import.h"
#include "keras/pictures.h"
#include "keras/repetition.h"

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

Expected<ValueId> spatial_input(LayerImport& layer) {
  int rank = layer.def().rank;
  ValueId x = TRY(layer.channels_to_last(layer.input()));
  ENSURE(layer.rank(x) == rank + 2, "the layer needs an input of rank ", rank + 2, ", but gets ",
         text_of(layer.shape(x)));
  return x;
}

/// Sequences of known length are pictures of one row, as convolutions of one axis have them.
Expected<Results> import_sequence(LayerImport& layer) {
  ValueId x = TRY(spatial_input(layer));
  int64_t factor = TRY(layer.sizes("size", 1))[0], length = layer.shape(x)[1];
  if (length <= 0 || layer.dtype(x) != DType::f32) return TRY(repeated(layer, x, 1, factor));
  ValueId row = TRY(layer.expand(x, 1));
  ValueId y = TRY(resized(layer, row, {{1, length * factor}, "nearest"}));
  return TRY(layer.squeeze(y, 1));
}

Expected<Results> import_volume(LayerImport& layer) {
  ValueId x = TRY(spatial_input(layer));
  std::vector<int64_t> factors = TRY(layer.sizes("size", 3));
  for (int axis = 1; axis <= 3; ++axis)
    x = TRY(repeated(layer, x, axis, factors[static_cast<size_t>(axis - 1)]));
  return TRY(layer.channels_from_last(x));
}

constexpr LayerDef layers[] = {
    {.class_names = {"UpSampling1D"},
     .config = {sizes("size", 2), fixed("length")},
     .rank = 1,
     .import = import_sequence,
     .doc = "RESIZE_NEAREST_NEIGHBOR or GATHER; RESHAPE and TILE where the length is open"},
    {.class_names = {"UpSampling2D"},
     .config = {sizes("size", 2), text("interpolation", "nearest"),
                text("data_format", "channels_last")},
     .rank = 2,
     .import = import_upsampling,
     .doc = "RESIZE_NEAREST_NEIGHBOR, RESIZE_BILINEAR, or two products with constant matrices"},
    {.class_names = {"UpSampling3D"},
     .config = {sizes("size", 2), text("data_format", "channels_last")},
     .rank = 3,
     .import = import_volume,
     .doc = "GATHER; RESHAPE and TILE where sizes are open or large"},
};

}  // namespace

LayerTable upsampling_layers() { return layer_table(layers); }

}  // namespace wherry::keras
