// Pooling in one and two dimensions, over windows and over everything.
#include "ops/pooling/pool.h"

#include "keras/layer_import.h"

namespace wherry::keras {
namespace {

enum Variant { average, largest };

Expected<Results> import_window(LayerImport& layer) {
  int rank = layer.def().rank;
  ValueId x = TRY(layer.channels_to_last(TRY(layer.float_input())));
  ENSURE(layer.rank(x) == rank + 2, "the layer needs an input of rank ", rank + 2, ", but gets ",
         text_of(layer.shape(x)));
  std::vector<int64_t> size = TRY(layer.sizes("pool_size", rank));
  std::vector<int64_t> strides = layer.has("strides") ? TRY(layer.sizes("strides", rank)) : size;
  if (rank == 1) {
    x = TRY(layer.expand(x, 1));
    size.insert(size.begin(), 1);
    strides.insert(strides.begin(), 1);
  }
  op::Pool2D options{.padding = TRY(layer.padding()),
                     .stride_w = static_cast<int32_t>(strides[1]),
                     .stride_h = static_cast<int32_t>(strides[0]),
                     .filter_width = static_cast<int32_t>(size[1]),
                     .filter_height = static_cast<int32_t>(size[0])};
  ValueId y = TRY(layer.node(layer.def().variant == average ? op::average_pool_2d : op::max_pool_2d,
                             options, {x}));
  if (rank == 1) y = TRY(layer.squeeze(y, 1));
  return TRY(layer.channels_from_last(y));
}

/// The mean over the steps that count: sum(x * mask) / sum(mask).
Expected<ValueId> masked_mean(LayerImport& layer, ValueId x, ValueId mask, int axis, bool keep) {
  ValueId weights = TRY(layer.to_float(mask));
  ValueId aligned = TRY(layer.expand(weights, axis == 1 ? 2 : 1));
  ValueId sum = TRY(layer.reduce("SUM", TRY(layer.multiply(x, aligned)), {axis}, keep));
  return layer.divide(sum, TRY(layer.reduce("SUM", aligned, {axis}, keep)));
}

Expected<Results> import_global(LayerImport& layer) {
  int rank = layer.def().rank;
  ValueId x = TRY(layer.float_input());
  ENSURE(layer.rank(x) == rank + 2, "the layer needs an input of rank ", rank + 2, ", but gets ",
         text_of(layer.shape(x)));
  bool keep = layer.flag("keepdims");
  int first = layer.channels_first() ? 2 : 1;
  std::vector<int64_t> axes;
  for (int i = 0; i < rank; ++i) axes.push_back(first + i);
  bool mean = layer.def().variant == average;
  ValueId mask = rank == 1 && mean ? TRY(layer.mask()) : no_value;
  if (mask != no_value) return TRY(masked_mean(layer, x, mask, first, keep));
  return TRY(layer.reduce(mean ? "MEAN" : "REDUCE_MAX", x, axes, keep));
}

constexpr FixedList<ConfigKey, 40> window_config = {sizes("pool_size", 2), sizes("strides", 1),
                                                    text("padding", "valid"),
                                                    text("data_format", "channels_last")};
constexpr FixedList<ConfigKey, 40> global_config = {text("data_format", "channels_last"),
                                                    flag("keepdims", false)};

constexpr LayerDef layers[] = {
    {.class_names = {"AveragePooling1D", "AvgPool1D"},
     .config = window_config,
     .rank = 1,
     .variant = average,
     .import = import_window,
     .doc = "RESHAPE, AVERAGE_POOL_2D, RESHAPE"},
    {.class_names = {"AveragePooling2D", "AvgPool2D"},
     .config = window_config,
     .rank = 2,
     .variant = average,
     .import = import_window,
     .doc = "AVERAGE_POOL_2D"},
    {.class_names = {"MaxPooling1D", "MaxPool1D"},
     .config = window_config,
     .rank = 1,
     .variant = largest,
     .import = import_window,
     .doc = "RESHAPE, MAX_POOL_2D, RESHAPE"},
    {.class_names = {"MaxPooling2D", "MaxPool2D"},
     .config = window_config,
     .rank = 2,
     .variant = largest,
     .import = import_window,
     .doc = "MAX_POOL_2D"},
    {.class_names = {"GlobalAveragePooling1D", "GlobalAvgPool1D"},
     .config = global_config,
     .rank = 1,
     .variant = average,
     .import = import_global,
     .doc = "MEAN; with a mask the mean of what counts"},
    {.class_names = {"GlobalAveragePooling2D", "GlobalAvgPool2D"},
     .config = global_config,
     .rank = 2,
     .variant = average,
     .import = import_global,
     .doc = "MEAN"},
    {.class_names = {"GlobalAveragePooling3D", "GlobalAvgPool3D"},
     .config = global_config,
     .rank = 3,
     .variant = average,
     .import = import_global,
     .doc = "MEAN"},
    {.class_names = {"GlobalMaxPooling1D", "GlobalMaxPool1D"},
     .config = global_config,
     .rank = 1,
     .variant = largest,
     .import = import_global,
     .doc = "REDUCE_MAX"},
    {.class_names = {"GlobalMaxPooling2D", "GlobalMaxPool2D"},
     .config = global_config,
     .rank = 2,
     .variant = largest,
     .import = import_global,
     .doc = "REDUCE_MAX"},
    {.class_names = {"GlobalMaxPooling3D", "GlobalMaxPool3D"},
     .config = global_config,
     .rank = 3,
     .variant = largest,
     .import = import_global,
     .doc = "REDUCE_MAX"},
};

}  // namespace

LayerTable pooling_layers() { return layer_table(layers); }

}  // namespace wherry::keras
