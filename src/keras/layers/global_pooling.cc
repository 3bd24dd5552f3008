// Pooling over whole axes: means and largest elements of each channel.
#include "keras/layers/pool_windows.h"

namespace wherry::keras {
namespace {

constexpr int average = static_cast<int>(PoolKind::average);
constexpr int largest = static_cast<int>(PoolKind::largest);

/// The mean over the steps that count: sum(x * mask) / sum(mask).
Expected<ValueId> masked_mean(LayerImport& layer, ValueId x, ValueId mask) {
  int axis = layer.channels_first() ? 2 : 1;
  bool keep = layer.flag("keepdims");
  ValueId weights = TRY(layer.to_float(mask));
  ValueId aligned = TRY(layer.expand(weights, axis == 1 ? 2 : 1));
  ValueId sum = TRY(layer.reduce("SUM", TRY(layer.multiply(x, aligned)), {axis}, keep));
  return layer.divide(sum, TRY(layer.reduce("SUM", aligned, {axis}, keep)));
}

/// Keras 2 divides sums of integers as integers, towards 0.
bool is_whole_mean(const LayerImport& layer) {
  DType dtype = layer.dtype(layer.input());
  bool is_whole = dtype == DType::i32 || dtype == DType::i64 || dtype == DType::u8;
  return is_whole && layer.dialect() != Dialect::keras3;
}

Expected<ValueId> whole_mean(LayerImport& layer, const std::vector<int64_t>& axes) {
  ValueId x = TRY(layer.cast(layer.input(), DType::i32));
  Extents extents;
  for (int64_t axis : axes) extents.push_back(layer.extent(x, static_cast<int>(axis)));
  ValueId sizes = TRY(layer.shape_tensor(extents));
  ValueId count = TRY(layer.reduce("REDUCE_PROD", sizes, {0}, false));
  ValueId sum = TRY(layer.reduce("SUM", x, axes, layer.flag("keepdims")));
  return layer.cast(TRY(layer.divide(sum, count)), layer.dtype(layer.input()));
}

Expected<Results> import(LayerImport& layer) {
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
  if (mask != no_value) return TRY(masked_mean(layer, x, mask));
  if (mean && is_whole_mean(layer)) return TRY(whole_mean(layer, axes));
  return TRY(layer.reduce(mean ? "MEAN" : "REDUCE_MAX", x, axes, keep));
}

constexpr FixedList<ConfigKey, 40> config = {text("data_format", "channels_last"),
                                             flag("keepdims", false)};

constexpr LayerDef layers[] = {
    {.class_names = {"GlobalAveragePooling1D", "GlobalAvgPool1D"},
     .config = config,
     .rank = 1,
     .variant = average,
     .import = import,
     .doc = "MEAN; with a mask the mean of what counts; for integers of Keras 2 SUM and DIV"},
    {.class_names = {"GlobalAveragePooling2D", "GlobalAvgPool2D"},
     .config = config,
     .rank = 2,
     .variant = average,
     .import = import,
     .doc = "MEAN; for integers of Keras 2 SUM and DIV"},
    {.class_names = {"GlobalAveragePooling3D", "GlobalAvgPool3D"},
     .config = config,
     .rank = 3,
     .variant = average,
     .import = import,
     .doc = "MEAN; for integers of Keras 2 SUM and DIV"},
    {.class_names = {"GlobalMaxPooling1D", "GlobalMaxPool1D"},
     .config = config,
     .rank = 1,
     .variant = largest,
     .import = import,
     .doc = "REDUCE_MAX"},
    {.class_names = {"GlobalMaxPooling2D", "GlobalMaxPool2D"},
     .config = config,
     .rank = 2,
     .variant = largest,
     .import = import,
     .doc = "REDUCE_MAX"},
    {.class_names = {"GlobalMaxPooling3D", "GlobalMaxPool3D"},
     .config = config,
     .rank = 3,
     .variant = largest,
     .import = import,
     .doc = "REDUCE_MAX"},
};

}  // namespace

LayerTable global_pooling_layers() { return layer_table(layers); }

}  // namespace wherry::keras
