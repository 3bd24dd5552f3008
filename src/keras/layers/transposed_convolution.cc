// Conv1DTranspose and Conv2DTranspose: TRANSPOSE_CONV; a dilated kernel is stored with zeros
// between its taps.
#include "ops/convolution/transpose_conv.h"

#include <algorithm>

#include "keras/layers/convolution_options.h"

namespace wherry::keras {
namespace {

/// Output extent of one axis, by Keras' own rule; `extra` is output_padding, or -1 for none.
int64_t output_extent(int64_t input, int64_t filter, int64_t stride, bool same, int64_t extra) {
  if (extra < 0)
    return same ? input * stride : input * stride + std::max<int64_t>(filter - stride, 0);
  int64_t pad = same ? filter / 2 : 0;
  return (input - 1) * stride + filter - 2 * pad + extra;
}

/// [height, width, out, in] with `dilation` as [out, height', width', in], zeros between the taps.
std::vector<float> spread_kernel(const std::vector<float>& kernel, const Shape& shape,
                                 const int64_t (&dilation)[2], const Shape& result) {
  std::vector<float> spread(static_cast<size_t>(result.elements()), 0.0f);
  size_t at = 0;
  for (int64_t h = 0; h < shape[0]; ++h) {
    for (int64_t w = 0; w < shape[1]; ++w) {
      for (int64_t o = 0; o < shape[2]; ++o) {
        for (int64_t i = 0; i < shape[3]; ++i) {
          int64_t place =
              ((o * result[1] + h * dilation[0]) * result[2] + w * dilation[1]) * result[3] + i;
          spread[static_cast<size_t>(place)] = kernel[at++];
        }
      }
    }
  }
  return spread;
}

Expected<std::vector<int64_t>> output_padding(LayerImport& layer, int rank) {
  if (!layer.has("output_padding")) return std::vector<int64_t>(static_cast<size_t>(rank), -1);
  return layer.sizes("output_padding", rank, 0);
}

Expected<Results> import(LayerImport& layer) {
  int rank = layer.def().rank;
  ValueId x = TRY(layer.channels_to_last(TRY(layer.float_input())));
  ENSURE(layer.rank(x) == rank + 2 && layer.shape(x).back() > 0,
         "the layer needs an input of rank ", rank + 2, " with known channels, but gets ",
         text_of(layer.shape(x)));
  WindowOptions window = TRY(window_options(layer, "kernel_size"));
  std::vector<int64_t> extra = TRY(output_padding(layer, rank));
  int64_t filters = layer.integer("filters"), channels = layer.shape(x).back();
  TRY(layer.take({"kernel", layer.flag("use_bias") ? "bias" : ""}));
  Shape stored = rank == 1 ? Shape{window.sizes[0], filters, channels}
                           : Shape{window.sizes[0], window.sizes[1], filters, channels};
  Shape kernel = rank == 1 ? Shape{1, window.sizes[0], filters, channels} : stored;
  const int64_t dilation[2] = {window.dilation(0), window.dilation(1)};
  Shape spread{filters, (kernel[0] - 1) * dilation[0] + 1, (kernel[1] - 1) * dilation[1] + 1,
               channels};
  std::vector<float> values = TRY(layer.floats("kernel", stored));
  ValueId weights =
      layer.constant(spread_kernel(values, kernel, dilation, spread), spread, "kernel");
  if (rank == 1) x = TRY(layer.expand(x, 1));
  Extents output = {layer.extent(x, 0)};
  for (int axis = 0; axis < 2; ++axis) {
    int64_t input = layer.shape(x)[axis + 1];
    if (input < 0)
      return layer.unsupported(
          "the output of a transposed convolution over an unknown extent cannot be sized",
          text_of(layer.shape(x)), "give the input fixed spatial extents");
    bool lone = rank == 1 && axis == 0;
    int64_t more = lone ? -1 : extra[static_cast<size_t>(rank == 1 ? 0 : axis)];
    output.push_back(lone ? 1
                          : output_extent(input, spread[axis + 1], window.stride(axis),
                                          window.padding == Padding::same, more));
  }
  output.push_back(filters);
  std::vector<ValueId> inputs = {TRY(layer.shape_tensor(output)), weights, x};
  if (layer.holds("bias")) inputs.push_back(TRY(layer.weight("bias", {filters})));
  ValueId y = TRY(layer.node(
      op::transpose_conv,
      op::TransposeConv{
          .padding = window.padding, .stride_w = window.stride(1), .stride_h = window.stride(0)},
      inputs));
  if (rank == 1) y = TRY(layer.squeeze(y, 1));
  return TRY(layer.activate_channels_last(y));
}

constexpr FixedList<ConfigKey, 40> config = {integer("filters"),
                                             sizes("kernel_size"),
                                             sizes("strides", 1),
                                             text("padding", "valid"),
                                             text("data_format", "channels_last"),
                                             sizes("dilation_rate", 1),
                                             sizes("output_padding", 0),
                                             activation("activation"),
                                             flag("use_bias", true),
                                             fixed("groups", 1)};

constexpr LayerDef layers[] = {
    {.class_names = {"Conv1DTranspose", "Convolution1DTranspose"},
     .config = config,
     .rank = 1,
     .import = import,
     .doc = "RESHAPE, TRANSPOSE_CONV, RESHAPE"},
    {.class_names = {"Conv2DTranspose", "Convolution2DTranspose", "Deconvolution2D"},
     .config = config,
     .rank = 2,
     .import = import,
     .doc = "TRANSPOSE_CONV"},
};

}  // namespace

LayerTable transposed_convolution_layers() { return layer_table(layers); }

}  // namespace wherry::keras
