// UpSampling1D, UpSampling2D, UpSampling3D and Resizing: RESIZE operators over channels-last
// pictures.
#include "ops/image/resize.h"

#include <algorithm>
#include <cmath>

#include "keras/layer_import.h"

namespace wherry::keras {
namespace {

Expected<ValueId> resize(LayerImport& layer, ValueId x, int64_t height, int64_t width,
                         std::string_view method) {
  ValueId size = layer.integers({height, width});
  if (method == "nearest")
    return layer.node(op::resize_nearest_neighbor,
                      op::ResizeNearestNeighbor{.half_pixel_centers = true}, {x, size});
  if (method == "bilinear")
    return layer.node(op::resize_bilinear, op::ResizeBilinear{.half_pixel_centers = true},
                      {x, size});
  return layer.unsupported(cat("the interpolation ", quoted(method), " has no operator"),
                           std::string(method), "use bilinear or nearest");
}

Expected<Results> import_upsampling(LayerImport& layer) {
  ValueId x = TRY(layer.channels_to_last(TRY(layer.float_input())));
  ENSURE(layer.rank(x) == 4, "the layer needs an input of rank 4, but gets ",
         text_of(layer.shape(x)));
  std::vector<int64_t> factors = TRY(layer.sizes("size", 2));
  int64_t height = layer.shape(x)[1], width = layer.shape(x)[2];
  if (height < 0 || width < 0) {
    if (layer.text("interpolation") != "nearest")
      return layer.unsupported(
          "pictures of unknown size can only be enlarged by nearest neighbours",
          text_of(layer.shape(x)));
    for (int axis = 1; axis <= 2; ++axis) {
      int64_t factor = factors[static_cast<size_t>(axis - 1)];
      std::vector<int64_t> multiples(5, 1);
      multiples[static_cast<size_t>(axis + 1)] = factor;
      x = TRY(layer.merge_axes(TRY(layer.tile(TRY(layer.expand(x, axis + 1)), multiples)), axis,
                               axis + 2));
    }
    return TRY(layer.channels_from_last(x));
  }
  ValueId y =
      TRY(resize(layer, x, height * factors[0], width * factors[1], layer.text("interpolation")));
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

/// The part of a picture with the target's proportions that Keras keeps before resizing.
Expected<ValueId> cropped_to_ratio(LayerImport& layer, ValueId x, int64_t height, int64_t width) {
  int64_t from_height = layer.shape(x)[1], from_width = layer.shape(x)[2];
  int64_t crop_height =
      static_cast<int64_t>(static_cast<float>(from_width * height) / static_cast<float>(width));
  int64_t crop_width =
      static_cast<int64_t>(static_cast<float>(from_height * width) / static_cast<float>(height));
  crop_height = std::min(from_height, crop_height), crop_width = std::min(from_width, crop_width);
  int64_t top = (from_height - crop_height) / 2, left = (from_width - crop_width) / 2;
  return layer.slice(x, {{},
                         {.begin = top, .end = top + crop_height},
                         {.begin = left, .end = left + crop_width},
                         {}});
}

Expected<Results> import_resizing(LayerImport& layer) {
  ValueId x = TRY(layer.float_input());
  bool single = layer.rank(x) == 3;
  if (single) x = TRY(layer.expand(x, 0));
  x = TRY(layer.channels_to_last(x));
  ENSURE(layer.rank(x) == 4, "the layer needs an input of rank 3 or 4, but gets ",
         text_of(layer.shape(x)));
  int64_t height = layer.integer("height"), width = layer.integer("width");
  if (layer.flag("crop_to_aspect_ratio")) {
    bool known = layer.shape(x)[1] > 0 && layer.shape(x)[2] > 0;
    if (!known)
      return layer.unsupported("crop_to_aspect_ratio needs pictures of known size",
                               text_of(layer.shape(x)));
    x = TRY(cropped_to_ratio(layer, x, height, width));
  }
  std::string method = lower(layer.text("interpolation"));
  x = TRY(layer.channels_from_last(TRY(resize(layer, x, height, width, method))));
  return single ? TRY(layer.squeeze(x, 0)) : x;
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
     .doc = "RESIZE_NEAREST_NEIGHBOR or RESIZE_BILINEAR"},
    {.class_names = {"UpSampling3D"},
     .config = {sizes("size", 2), text("data_format", "channels_last")},
     .rank = 3,
     .import = import_repetition,
     .doc = "RESHAPE and TILE"},
    {.class_names = {"Resizing"},
     .config = {integer("height"), integer("width"), text("interpolation", "bilinear"),
                flag("crop_to_aspect_ratio", false), fixed("pad_to_aspect_ratio"),
                fixed("antialias"), ignored("fill_mode"), ignored("fill_value"),
                text("data_format", "channels_last")},
     .import = import_resizing,
     .doc = "RESIZE_BILINEAR or RESIZE_NEAREST_NEIGHBOR"},
};

}  // namespace

LayerTable resizing_layers() { return layer_table(layers); }

}  // namespace wherry::keras
