// Conv1D, Conv2D, Conv3D: CONV_2D or CONV_3D over channels-last data; one dimension is a picture of
// height 1.
#include "ops/convolution/conv_2d.h"
#include "ops/convolution/conv_3d.h"

#include "keras/layers/convolution_options.h"

namespace wherry::keras {
namespace {

/// [spatial..., in, out] as CONV_2D stores it: [out, height, width, in].
Layout kernel_layout(int rank, const Shape& kernel) {
  if (rank == 1) return {{2, 0, 1}, {kernel[2], 1, kernel[0], kernel[1]}};
  return {.order = {3, 0, 1, 2}};
}

Expected<ValueId> conv_2d(LayerImport& layer, ValueId x, const WindowOptions& window,
                          const Shape& kernel) {
  int rank = layer.def().rank;
  ValueId weights = TRY(layer.weight("kernel", kernel, kernel_layout(rank, kernel)));
  ValueId bias = TRY(bias_or_zeros(layer, window, kernel.back()));
  if (rank == 1) x = TRY(layer.expand(x, 1));
  ValueId y = TRY(layer.node(op::conv_2d,
                             op::Conv2D{.padding = window.padding,
                                        .stride_w = window.stride(1),
                                        .stride_h = window.stride(0),
                                        .dilation_w_factor = window.dilation(1),
                                        .dilation_h_factor = window.dilation(0)},
                             {x, weights, bias}));
  return rank == 1 ? layer.squeeze(y, 1) : Expected<ValueId>(y);
}

/// One CONV_3D node.
Expected<ValueId> conv_3d(LayerImport& layer, const WindowOptions& window,
                          std::vector<ValueId> inputs) {
  auto at = [](const std::vector<int64_t>& list, size_t i) {
    return static_cast<int32_t>(list[i]);
  };
  return layer.node(op::conv_3d,
                    op::Conv3D{.padding = window.padding,
                               .stride_d = at(window.strides, 0),
                               .stride_w = at(window.strides, 2),
                               .stride_h = at(window.strides, 1),
                               .dilation_d_factor = at(window.dilations, 0),
                               .dilation_w_factor = at(window.dilations, 2),
                               .dilation_h_factor = at(window.dilations, 1)},
                    std::move(inputs));
}

/// Columns [first, first + count) of a matrix whose last axis is `width` long.
std::vector<float> columns(const std::vector<float>& matrix, int64_t width, int64_t first,
                           int64_t count) {
  std::vector<float> part;
  for (size_t row = 0; row < matrix.size(); row += static_cast<size_t>(width)) {
    auto begin = matrix.begin() + static_cast<int64_t>(row) + first;
    part.insert(part.end(), begin, begin + count);
  }
  return part;
}

/// CONV_3D knows no groups: each has a node of its own.
Expected<ValueId> conv_3d_groups(LayerImport& layer, ValueId x, const WindowOptions& window,
                                 const Shape& kernel) {
  int64_t channels = kernel[3], filters = kernel.back(), groups = layer.integer("groups");
  if (groups == 1)
    return conv_3d(
        layer, window,
        {x, TRY(layer.weight("kernel", kernel)), TRY(bias_or_zeros(layer, window, filters))});
  std::vector<float> weights = TRY(layer.floats("kernel", kernel)),
                     bias(static_cast<size_t>(filters), 0.0f);
  if (layer.holds("bias") && !window.bias_apart) bias = TRY(layer.floats("bias", {filters}));
  std::vector<ValueId> inputs =
      TRY(layer.split(x, std::vector<int64_t>(static_cast<size_t>(groups), channels), -1));
  Shape part = kernel;
  part[4] = filters / groups;
  std::vector<ValueId> results;
  for (int64_t group = 0; group < groups; ++group) {
    int64_t first = group * part.back();
    ValueId part_weights =
                layer.constant(columns(weights, filters, first, part.back()), part, "kernel"),
            part_bias =
                layer.constant(columns(bias, filters, first, part.back()), {part.back()}, "bias");
    results.push_back(
        TRY(conv_3d(layer, window, {inputs[static_cast<size_t>(group)], part_weights, part_bias})));
  }
  return layer.concatenate(results, -1);
}

Expected<Results> import(LayerImport& layer) {
  int rank = layer.def().rank;
  ValueId x = TRY(layer.channels_to_last(TRY(layer.float_input())));
  ENSURE(layer.rank(x) == rank + 2, "the layer needs an input of rank ", rank + 2, ", but gets ",
         text_of(layer.shape(x)));
  int64_t channels = layer.shape(x).back(), groups = layer.integer("groups"),
          filters = layer.integer("filters");
  ENSURE(
      channels > 0 && groups > 0 && channels % groups == 0 && filters > 0 && filters % groups == 0,
      "an input of ", channels, " channels and ", filters, " filters do not make ", groups,
      " groups");
  WindowOptions window = TRY(window_options(layer, "kernel_size"));
  Shape kernel;
  for (int64_t extent : window.sizes) kernel.push_back(extent);
  kernel.push_back(channels / groups);
  kernel.push_back(filters);
  TRY(layer.take({"kernel", layer.flag("use_bias") ? "bias" : ""}));
  x = TRY(pad_margins(layer, x, window));
  set_bias_apart(layer, window, TRY(last_extent(layer, x, window)), filters);
  ValueId y =
      TRY(rank == 3 ? conv_3d_groups(layer, x, window, kernel) : conv_2d(layer, x, window, kernel));
  return TRY(finish_window(layer, window, y));
}

constexpr FixedList<ConfigKey, 40> config = {integer("filters"),
                                             sizes("kernel_size"),
                                             sizes("strides", 1),
                                             text("padding", "valid"),
                                             text("data_format", "channels_last"),
                                             sizes("dilation_rate", 1),
                                             integer("groups", 1),
                                             activation("activation"),
                                             flag("use_bias", true)};

constexpr LayerDef layers[] = {
    {.class_names = {"Conv1D", "Convolution1D"},
     .config = config,
     .rank = 1,
     .import = import,
     .doc = "RESHAPE, CONV_2D, RESHAPE; causal padding by PAD"},
    {.class_names = {"Conv2D", "Convolution2D"},
     .config = config,
     .rank = 2,
     .import = import,
     .doc = "CONV_2D"},
    {.class_names = {"Conv3D", "Convolution3D"},
     .config = config,
     .rank = 3,
     .import = import,
     .doc = "CONV_3D; groups by SPLIT, one CONV_3D each, CONCATENATION"},
};

}  // namespace

LayerTable convolution_layers() { return layer_table(layers); }

}  // namespace wherry::keras
