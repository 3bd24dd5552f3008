// Conv1DTranspose, Conv2DTranspose, Conv3DTranspose: TRANSPOSE_CONV or CONV_3D_TRANSPOSE; a dilated
// kernel is stored with zeros between its taps.
#include <algorithm>

#include "keras/layers/convolution_options.h"
#include "ops/convolution/conv_3d.h"
#include "ops/convolution/transpose_conv.h"

namespace wherry::keras {
namespace {

/// Window and options along one axis.
struct Axis {
  int64_t filter, stride;
  bool same;
  int64_t extra;  ///< output_padding, or -1 for none
};

/// The output's extent by Keras' own rule: the input's times the stride, and so many more.
int64_t growth(const Axis& axis) {
  if (axis.extra < 0) return axis.same ? 0 : std::max<int64_t>(axis.filter - axis.stride, 0);
  int64_t pad = axis.same ? axis.filter / 2 : 0;
  return axis.filter - axis.stride - 2 * pad + axis.extra;
}

Extent output_extent(const Extent& input, const Axis& axis) {
  if (input.of == no_value) return Extent(input.size * axis.stride + growth(axis));
  Extent output = input;
  output.times = axis.stride;
  output.plus = growth(axis);
  return output;
}

/// How a kernel [spatial..., out, in] lies in the operator's weights: element strides for each of
/// its axes.
struct Spread {
  Shape weights;
  std::vector<int64_t> strides;
};

/// TRANSPOSE_CONV takes [out, height, width, in], CONV_3D_TRANSPOSE the kernel's own order.
Spread spread_of(const Shape& kernel, const std::vector<int64_t>& dilations) {
  int rank = kernel.rank() - 2;
  int64_t out = kernel[rank], in = kernel[rank + 1];
  Shape taps;
  for (int i = 0; i < rank; ++i)
    taps.push_back((kernel[i] - 1) * dilations[static_cast<size_t>(i)] + 1);
  Spread spread;
  if (rank == 3) spread.weights = {taps[0], taps[1], taps[2], out, in};
  if (rank == 2) spread.weights = {out, taps[0], taps[1], in};
  if (rank == 1) spread.weights = {out, 1, taps[0], in};
  int64_t step = rank == 3 ? out * in : in;
  spread.strides.resize(static_cast<size_t>(rank));
  for (int i = rank; i-- > 0; step *= taps[i])
    spread.strides[static_cast<size_t>(i)] = step * dilations[static_cast<size_t>(i)];
  spread.strides.push_back(rank == 3 ? in : step);
  spread.strides.push_back(1);
  return spread;
}

std::vector<float> spread_kernel(const std::vector<float>& kernel, const Shape& shape,
                                 const Spread& spread) {
  std::vector<float> result(static_cast<size_t>(spread.weights.elements()), 0.0f);
  std::vector<int64_t> position(static_cast<size_t>(shape.rank()), 0);
  int64_t place = 0;
  for (float element : kernel) {
    result[static_cast<size_t>(place)] = element;
    for (size_t i = position.size(); i-- > 0;) {
      place += spread.strides[i];
      if (++position[i] < shape[static_cast<int>(i)]) break;
      place -= spread.strides[i] * position[i];
      position[i] = 0;
    }
  }
  return result;
}

Expected<ValueId> weights_of(LayerImport& layer, const Shape& kernel,
                             const std::vector<int64_t>& dilations) {
  bool dilated = std::any_of(dilations.begin(), dilations.end(), [](int64_t d) { return d > 1; });
  int rank = layer.def().rank;
  if (!dilated && rank == 3) return layer.weight("kernel", kernel);
  Spread spread = spread_of(kernel, dilations);
  if (!dilated && rank == 2) return layer.weight("kernel", kernel, {.order = {2, 0, 1, 3}});
  if (!dilated) return layer.weight("kernel", kernel, {{1, 0, 2}, spread.weights});
  std::vector<float> values = TRY(layer.floats("kernel", kernel));
  return layer.constant(spread_kernel(values, kernel, spread), spread.weights, "kernel");
}

/// Keras 1 wrote the whole shape of the result, batch and channels included.
Expected<std::vector<int64_t>> written_extents(LayerImport& layer, int rank) {
  const std::vector<PyValue>& written = layer.option("output_shape").items();
  size_t first = layer.channels_first() ? 2 : 1;
  std::vector<int64_t> extents;
  for (size_t i = first; i < first + static_cast<size_t>(rank) && i < written.size(); ++i) {
    if (written[i].is_integer()) extents.push_back(written[i].integer());
  }
  ENSURE(extents.size() == static_cast<size_t>(rank), "the option 'output_shape' should have ",
         rank + 2, " entries, got ", layer.option("output_shape").shown());
  return extents;
}

Expected<std::vector<int64_t>> output_padding(LayerImport& layer, int rank) {
  if (!layer.has("output_padding")) return std::vector<int64_t>(static_cast<size_t>(rank), -1);
  return layer.sizes("output_padding", rank, 0);
}

Expected<ValueId> convolve(LayerImport& layer, const WindowOptions& window,
                           std::vector<ValueId> inputs) {
  if (layer.def().rank < 3)
    return layer.node(
        op::transpose_conv,
        op::TransposeConv{
            .padding = window.padding, .stride_w = window.stride(1), .stride_h = window.stride(0)},
        std::move(inputs));
  auto stride = [&](size_t axis) { return static_cast<int32_t>(window.strides[axis]); };
  return layer.node(op::conv_3d_transpose,
                    op::Conv3D{.padding = window.padding,
                               .stride_d = stride(0),
                               .stride_w = stride(2),
                               .stride_h = stride(1)},
                    std::move(inputs));
}

Expected<Results> import(LayerImport& layer) {
  int rank = layer.def().rank;
  ValueId x = TRY(layer.channels_to_last(TRY(layer.float_input())));
  ENSURE(layer.rank(x) == rank + 2 && layer.shape(x).back() > 0,
         "the layer needs an input of rank ", rank + 2, " with known channels, but gets ",
         text_of(layer.shape(x)));
  WindowOptions window = TRY(window_options(layer, "kernel_size"));
  std::vector<int64_t> extra = TRY(output_padding(layer, rank));
  int64_t filters = layer.integer("filters");
  Shape kernel;
  for (int64_t size : window.sizes) kernel.push_back(size);
  kernel.push_back(filters);
  kernel.push_back(layer.shape(x).back());
  TRY(layer.take({"kernel", layer.flag("use_bias") ? "bias" : ""}));
  ValueId weights = TRY(weights_of(layer, kernel, window.dilations));
  Extents output = {layer.extent(x, 0)};
  if (rank == 1) output.push_back(Extent(1));
  std::vector<int64_t> written;
  if (layer.has("output_shape")) written = TRY(written_extents(layer, rank));
  for (int i = 0; i < rank; ++i) {
    size_t at = static_cast<size_t>(i);
    Axis axis{(window.sizes[at] - 1) * window.dilations[at] + 1, window.strides[at],
              window.padding == Padding::same, extra[at]};
    output.push_back(written.empty() ? output_extent(layer.extent(x, i + 1), axis)
                                     : Extent(written[at]));
  }
  if (output.back().of == no_value) set_bias_apart(layer, window, output.back().size, filters);
  output.push_back(Extent(filters));
  if (rank == 1) x = TRY(layer.expand(x, 1));
  std::vector<ValueId> inputs = {TRY(layer.shape_tensor(output)), weights, x};
  if (layer.holds("bias") && !window.bias_apart)
    inputs.push_back(TRY(layer.weight("bias", {filters})));
  ValueId y = TRY(convolve(layer, window, std::move(inputs)));
  if (rank == 1) y = TRY(layer.squeeze(y, 1));
  return TRY(finish_window(layer, window, y));
}

constexpr FixedList<ConfigKey, 40> config = {integer("filters"),
                                             sizes("kernel_size"),
                                             sizes("strides", 1),
                                             text("padding", "valid"),
                                             text("data_format", "channels_last"),
                                             sizes("dilation_rate", 1),
                                             sizes("output_padding", 0),
                                             anything("output_shape"),
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
    {.class_names = {"Conv3DTranspose", "Convolution3DTranspose", "Deconvolution3D"},
     .config = config,
     .rank = 3,
     .import = import,
     .doc = "CONV_3D_TRANSPOSE"},
};

}  // namespace

LayerTable transposed_convolution_layers() { return layer_table(layers); }

}  // namespace wherry::keras
