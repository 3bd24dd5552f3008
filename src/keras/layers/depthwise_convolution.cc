// DepthwiseConv1D, DepthwiseConv2D, SeparableConv1D, SeparableConv2D: DEPTHWISE_CONV_2D, and a 1x1
// CONV_2D behind.
#include "ops/convolution/conv_2d.h"
#include "ops/convolution/depthwise_conv_2d.h"

#include "keras/layers/convolution_options.h"

namespace wherry::keras {
namespace {

struct Depthwise {
  ValueId x;
  int64_t channels, multiplier;
  WindowOptions window;
};

/// Makes a picture of the input and convolves each channel by itself.
Expected<ValueId> depthwise(LayerImport& layer, const Depthwise& parts,
                            std::string_view kernel_role, ValueId bias) {
  int rank = layer.def().rank;
  const WindowOptions& window = parts.window;
  Shape kernel;
  for (int64_t extent : window.sizes) kernel.push_back(extent);
  kernel.push_back(parts.channels);
  kernel.push_back(parts.multiplier);
  int64_t height = rank == 1 ? 1 : kernel[0], width = kernel[rank - 1];
  ValueId weights = TRY(layer.weight(
      kernel_role, kernel, {.shape = {1, height, width, parts.channels * parts.multiplier}}));
  ValueId x = rank == 1 ? TRY(layer.expand(parts.x, 1)) : parts.x;
  return layer.node(op::depthwise_conv_2d,
                    op::DepthwiseConv2D{.padding = window.padding,
                                        .stride_w = window.stride(1),
                                        .stride_h = window.stride(0),
                                        .depth_multiplier = static_cast<int32_t>(parts.multiplier),
                                        .dilation_w_factor = window.dilation(1),
                                        .dilation_h_factor = window.dilation(0)},
                    {x, weights, bias});
}

/// `filters`: of the result, or 0 for as many as there are products.
Expected<Depthwise> parts_of(LayerImport& layer, int64_t filters) {
  ValueId x = TRY(layer.channels_to_last(TRY(layer.float_input())));
  int rank = layer.def().rank;
  ENSURE(layer.rank(x) == rank + 2 && layer.shape(x).back() > 0,
         "the layer needs an input of rank ", rank + 2, " with known channels, but gets ",
         text_of(layer.shape(x)));
  int64_t multiplier = layer.integer("depth_multiplier");
  ENSURE(multiplier > 0, "the option 'depth_multiplier' should be positive, got ", multiplier);
  WindowOptions window = TRY(window_options(layer, "kernel_size"));
  Depthwise parts{TRY(pad_margins(layer, x, window)), layer.shape(x).back(), multiplier, window};
  int64_t channels = filters ? filters : parts.channels * multiplier;
  set_bias_apart(layer, parts.window, TRY(last_extent(layer, parts.x, window)), channels);
  return parts;
}

Expected<Results> import_depthwise(LayerImport& layer) {
  Depthwise parts = TRY(parts_of(layer, 0));
  // Keras 3 calls it "kernel".
  bool renamed = layer.scope().named("kernel") && !layer.scope().named("depthwise_kernel");
  std::string_view role = renamed ? "kernel" : "depthwise_kernel";
  TRY(layer.take({role, layer.flag("use_bias") ? "bias" : ""}));
  ValueId bias = TRY(bias_or_zeros(layer, parts.window, parts.channels * parts.multiplier));
  ValueId y = TRY(depthwise(layer, parts, role, bias));
  if (layer.def().rank == 1) y = TRY(layer.squeeze(y, 1));
  return TRY(finish_window(layer, parts.window, y));
}

Expected<Results> import_separable(LayerImport& layer) {
  int64_t filters = layer.integer("filters");
  ENSURE(filters > 0, "the option 'filters' should be positive, got ", filters);
  Depthwise parts = TRY(parts_of(layer, filters));
  int64_t middle = parts.channels * parts.multiplier;
  TRY(layer.take({"depthwise_kernel", "pointwise_kernel", layer.flag("use_bias") ? "bias" : ""}));
  ValueId zeros = layer.constant(std::vector<float>(static_cast<size_t>(middle), 0.0f), {middle},
                                 "depthwise_bias");
  ValueId y = TRY(depthwise(layer, parts, "depthwise_kernel", zeros));
  Shape kernel = layer.def().rank == 1 ? Shape{1, middle, filters} : Shape{1, 1, middle, filters};
  std::vector<int64_t> order =
      layer.def().rank == 1 ? std::vector<int64_t>{2, 0, 1} : std::vector<int64_t>{3, 0, 1, 2};
  ValueId weights = TRY(layer.weight("pointwise_kernel", kernel, {order, {filters, 1, 1, middle}}));
  ValueId bias = TRY(bias_or_zeros(layer, parts.window, filters));
  y = TRY(layer.node(op::conv_2d, op::Conv2D{.padding = Padding::valid}, {y, weights, bias}));
  if (layer.def().rank == 1) y = TRY(layer.squeeze(y, 1));
  return TRY(finish_window(layer, parts.window, y));
}

constexpr FixedList<ConfigKey, 40> depthwise_config = {sizes("kernel_size"),
                                                       sizes("strides", 1),
                                                       text("padding", "valid"),
                                                       integer("depth_multiplier", 1),
                                                       text("data_format", "channels_last"),
                                                       sizes("dilation_rate", 1),
                                                       activation("activation"),
                                                       flag("use_bias", true),
                                                       ignored("groups"),
                                                       ignored("filters"),
                                                       ignored("depthwise_initializer"),
                                                       ignored("depthwise_regularizer"),
                                                       ignored("depthwise_constraint")};
constexpr FixedList<ConfigKey, 40> separable_config = {integer("filters"),
                                                       sizes("kernel_size"),
                                                       sizes("strides", 1),
                                                       text("padding", "valid"),
                                                       integer("depth_multiplier", 1),
                                                       text("data_format", "channels_last"),
                                                       sizes("dilation_rate", 1),
                                                       activation("activation"),
                                                       flag("use_bias", true),
                                                       ignored("groups"),
                                                       ignored("depthwise_initializer"),
                                                       ignored("depthwise_regularizer"),
                                                       ignored("depthwise_constraint"),
                                                       ignored("pointwise_initializer"),
                                                       ignored("pointwise_regularizer"),
                                                       ignored("pointwise_constraint")};

constexpr LayerDef layers[] = {
    {.class_names = {"DepthwiseConv1D"},
     .config = depthwise_config,
     .rank = 1,
     .import = import_depthwise,
     .doc = "RESHAPE, DEPTHWISE_CONV_2D, RESHAPE"},
    {.class_names = {"DepthwiseConv2D"},
     .config = depthwise_config,
     .rank = 2,
     .import = import_depthwise,
     .doc = "DEPTHWISE_CONV_2D"},
    {.class_names = {"SeparableConv1D", "SeparableConvolution1D"},
     .config = separable_config,
     .rank = 1,
     .import = import_separable,
     .doc = "DEPTHWISE_CONV_2D and CONV_2D"},
    {.class_names = {"SeparableConv2D", "SeparableConvolution2D"},
     .config = separable_config,
     .rank = 2,
     .import = import_separable,
     .doc = "DEPTHWISE_CONV_2D and CONV_2D"},
};

}  // namespace

LayerTable depthwise_convolution_layers() { return layer_table(layers); }

}  // namespace wherry::keras
