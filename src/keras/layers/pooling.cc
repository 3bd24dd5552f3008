// Pooling over windows in one to three dimensions.
#include "keras/layers/pool_windows.h"

namespace wherry::keras {
namespace {

/// Theano's "same" lets other windows reach over the edge, unless they are odd and move by one.
void warn_about_theano(LayerImport& layer, const Pooling& pooling) {
  bool differs = false;
  for (const PoolWindow& window : pooling.windows)
    differs |= window.size % 2 == 0 || window.size > 3 || window.stride > 1;
  if (differs && pooling.padding == Padding::same && layer.state().saved.backend == "theano")
    layer.state().warn(cat(place_of(layer.origin()),
                           ": the model was made on Theano, whose padding \"same\" places windows "
                           "elsewhere; they stand where Keras puts them on TensorFlow"));
}

Expected<Results> import(LayerImport& layer) {
  int rank = layer.def().rank;
  ValueId x = TRY(layer.channels_to_last(TRY(layer.float_input())));
  ENSURE(layer.rank(x) == rank + 2, "the layer needs an input of rank ", rank + 2, ", but gets ",
         text_of(layer.shape(x)));
  std::vector<int64_t> size = TRY(layer.sizes("pool_size", rank));
  std::vector<int64_t> strides = layer.has("strides") ? TRY(layer.sizes("strides", rank)) : size;
  Pooling pooling{static_cast<PoolKind>(layer.def().variant), {}, TRY(layer.padding())};
  for (size_t i = 0; i < size.size(); ++i) pooling.windows.push_back({size[i], strides[i]});
  warn_about_theano(layer, pooling);
  ValueId y = TRY(pool_windows(layer, x, pooling));
  return TRY(layer.channels_from_last(y));
}

constexpr FixedList<ConfigKey, 40> config = {sizes("pool_size", 2), sizes("strides", 1),
                                             text("padding", "valid"),
                                             text("data_format", "channels_last")};
constexpr int average = static_cast<int>(PoolKind::average);
constexpr int largest = static_cast<int>(PoolKind::largest);

constexpr LayerDef layers[] = {
    {.class_names = {"AveragePooling1D", "AvgPool1D"},
     .config = config,
     .rank = 1,
     .variant = average,
     .import = import,
     .doc = "RESHAPE, AVERAGE_POOL_2D, RESHAPE"},
    {.class_names = {"AveragePooling2D", "AvgPool2D"},
     .config = config,
     .rank = 2,
     .variant = average,
     .import = import,
     .doc = "AVERAGE_POOL_2D"},
    {.class_names = {"AveragePooling3D", "AvgPool3D"},
     .config = config,
     .rank = 3,
     .variant = average,
     .import = import,
     .doc = "two AVERAGE_POOL_2D with RESHAPE around them"},
    {.class_names = {"MaxPooling1D", "MaxPool1D"},
     .config = config,
     .rank = 1,
     .variant = largest,
     .import = import,
     .doc = "RESHAPE, MAX_POOL_2D, RESHAPE"},
    {.class_names = {"MaxPooling2D", "MaxPool2D"},
     .config = config,
     .rank = 2,
     .variant = largest,
     .import = import,
     .doc = "MAX_POOL_2D"},
    {.class_names = {"MaxPooling3D", "MaxPool3D"},
     .config = config,
     .rank = 3,
     .variant = largest,
     .import = import,
     .doc = "two MAX_POOL_2D with RESHAPE around them"},
};

}  // namespace

LayerTable pooling_layers() { return layer_table(layers); }

}  // namespace wherry::keras
