// Functions that convolve, with kernels that are constants or other tensors.
#include <algorithm>

#include "keras/functions/windows.h"
#include "ops/convolution/conv_2d.h"
#include "ops/convolution/conv_3d.h"
#include "ops/convolution/depthwise_conv_2d.h"
#include "ops/convolution/transpose_conv.h"

namespace wherry::keras {
namespace {

constexpr std::string_view data_names = "input|inputs|value",
                           kernel_names = "filters|filter|kernel";

ValueId no_bias(FunctionCall& call, int64_t channels) {
  return call.constant(std::vector<float>(static_cast<size_t>(channels), 0.0f), {channels}, "bias");
}

/// A tensor, its kernel and the windows; the tensor is prepared for an operator.
struct Convolution {
  ValueId x = no_value, kernel = no_value;
  Windows windows;
};

Expected<Convolution> convolution_of(FunctionCall& call, std::string_view kernel_argument,
                                     int kernel_place) {
  for (std::string_view name : {"use_cudnn_on_gpu", "use_cudnn"}) call.ignore(name);
  Convolution parts{.x = TRY(call.float_tensor(data_names, 0)),
                    .kernel = TRY(call.tensor_like(kernel_argument, kernel_place, DType::f32))};
  int rank = call.rank(parts.x) - 2;
  parts.windows = TRY(windows_of(call, rank, ""));
  ENSURE(call.rank(parts.kernel) == rank + 2, "a kernel of shape ",
         text_of(call.shape(parts.kernel)), " does not fit a tensor of shape ",
         text_of(call.shape(parts.x)));
  for (int64_t extent : call.shape(parts.kernel)) {
    if (extent <= 0)
      return call.unsupported("a kernel of unknown size is not supported",
                              text_of(call.shape(parts.kernel)));
  }
  parts.x = TRY(before_windows(call, parts.x, parts.windows));
  return parts;
}

/// [spatial..., in, out] convolved over a picture, or a line as a picture of height 1.
Expected<ValueId> conv_2d(FunctionCall& call, const Convolution& parts) {
  bool is_line = parts.windows.rank == 1;
  std::vector<int64_t> order =
      is_line ? std::vector<int64_t>{2, 0, 1} : std::vector<int64_t>{3, 0, 1, 2};
  ValueId weights = TRY(call.transpose(parts.kernel, order)), x = parts.x;
  if (is_line) weights = TRY(call.expand(weights, 1)), x = TRY(call.expand(x, 1));
  op::Conv2D options{.padding = parts.windows.padding,
                     .stride_w = parts.windows.stride(1),
                     .stride_h = parts.windows.stride(0),
                     .dilation_w_factor = parts.windows.dilation(1),
                     .dilation_h_factor = parts.windows.dilation(0)};
  ValueId bias = no_bias(call, call.shape(parts.kernel).back());
  ValueId y = TRY(call.node(op::conv_2d, options, {x, weights, bias}));
  return is_line ? call.squeeze(y, 1) : Expected<ValueId>(y);
}

Expected<ValueId> conv_3d(FunctionCall& call, const Convolution& parts) {
  auto at = [](const std::vector<int64_t>& list, size_t i) {
    return static_cast<int32_t>(list[i]);
  };
  const Windows& windows = parts.windows;
  op::Conv3D options{.padding = windows.padding,
                     .stride_d = at(windows.strides, 0),
                     .stride_w = at(windows.strides, 2),
                     .stride_h = at(windows.strides, 1),
                     .dilation_d_factor = at(windows.dilations, 0),
                     .dilation_w_factor = at(windows.dilations, 2),
                     .dilation_h_factor = at(windows.dilations, 1)};
  ValueId bias = no_bias(call, call.shape(parts.kernel).back());
  return call.node(op::conv_3d, options, {parts.x, parts.kernel, bias});
}

Expected<Results> import_convolution(FunctionCall& call) {
  Convolution parts = TRY(convolution_of(call, kernel_names, 1));
  ValueId y = TRY(parts.windows.rank == 3 ? conv_3d(call, parts) : conv_2d(call, parts));
  return TRY(behind_windows(call, y, parts.windows));
}

/// [spatial..., in, multiplier]: each channel by itself.
Expected<ValueId> depthwise(FunctionCall& call, const Convolution& parts) {
  ENSURE_CODE(ErrorCode::unsupported, parts.windows.rank <= 2,
              "a depthwise convolution of volumes has no operator");
  bool is_line = parts.windows.rank == 1;
  const Shape shape = call.shape(parts.kernel);
  int64_t multiplier = shape.back(), channels = shape[shape.rank() - 2] * multiplier;
  ValueId weights = TRY(call.reshape(
      parts.kernel, {1, is_line ? 1 : shape[0], shape[parts.windows.rank - 1], channels}));
  op::DepthwiseConv2D options{.padding = parts.windows.padding,
                              .stride_w = parts.windows.stride(1),
                              .stride_h = parts.windows.stride(0),
                              .depth_multiplier = static_cast<int32_t>(multiplier),
                              .dilation_w_factor = parts.windows.dilation(1),
                              .dilation_h_factor = parts.windows.dilation(0)};
  ValueId x = is_line ? TRY(call.expand(parts.x, 1)) : parts.x;
  ValueId y = TRY(call.node(op::depthwise_conv_2d, options, {x, weights, no_bias(call, channels)}));
  return is_line ? call.squeeze(y, 1) : Expected<ValueId>(y);
}

Expected<Results> import_depthwise(FunctionCall& call) {
  Convolution parts = TRY(convolution_of(call, kernel_names, 1));
  return TRY(behind_windows(call, TRY(depthwise(call, parts)), parts.windows));
}

Expected<Results> import_separable(FunctionCall& call) {
  Convolution parts = TRY(convolution_of(call, "depthwise_filter|depthwise_kernel", 1));
  ValueId pointwise = TRY(call.tensor_like("pointwise_filter|pointwise_kernel", 2, DType::f32));
  Convolution second{
      .x = TRY(depthwise(call, parts)),
      .kernel = pointwise,
      .windows = {.rank = parts.windows.rank, .strides = {1, 1}, .dilations = {1, 1}}};
  return TRY(behind_windows(call, TRY(conv_2d(call, second)), parts.windows));
}

struct TransposedAxis {
  int64_t input = 0, filter = 0, stride = 1;
  int64_t extra = -1;  ///< output_padding; -1: none given
};

/// Output extent of one axis in Keras.
int64_t transposed_extent(const TransposedAxis& axis, Padding padding) {
  bool same = padding == Padding::same;
  if (axis.extra >= 0) {
    int64_t pad = same ? axis.filter / 2 : 0;
    return (axis.input - 1) * axis.stride + axis.filter - 2 * pad + axis.extra;
  }
  int64_t more = same ? 0 : std::max<int64_t>(axis.filter - axis.stride, 0);
  return axis.input * axis.stride + more;
}

/// The shape of the result, channels last: given, or by Keras' rule.
Expected<ValueId> transposed_shape(FunctionCall& call, const Convolution& parts) {
  const Windows& windows = parts.windows;
  if (call.has("output_shape")) {
    const PyValue& written = call.argument("output_shape");
    std::vector<PyValue> extents = written.items();
    size_t rank = static_cast<size_t>(windows.rank);
    if (windows.channels_first && extents.size() == rank + 2)
      std::rotate(extents.begin() + 1, extents.begin() + 2, extents.end());
    PyValue shape = written.is_list() ? PyValue::list(std::move(extents)) : written;
    return call.integer_tensor(shape);
  }
  std::vector<int64_t> extra = TRY(call.integers("output_padding"));
  if (extra.empty()) extra.push_back(-1);
  Extents shape = {call.extent(parts.x, 0)};
  for (int i = 0; i < windows.rank; ++i) {
    size_t at = static_cast<size_t>(i);
    TransposedAxis axis{.input = call.shape(parts.x)[i + 1],
                        .filter = call.shape(parts.kernel)[i],
                        .stride = windows.strides[at],
                        .extra = extra[std::min(at, extra.size() - 1)]};
    if (axis.input < 0)
      return call.unsupported(
          "the result of a transposed convolution over an unknown extent "
          "cannot be sized",
          text_of(call.shape(parts.x)));
    shape.push_back(transposed_extent(axis, windows.padding));
  }
  shape.push_back(call.shape(parts.kernel)[windows.rank]);
  return call.shape_tensor(shape);
}

Expected<Results> import_transposed(FunctionCall& call) {
  Convolution parts = TRY(convolution_of(call, kernel_names, 1));
  const Windows& windows = parts.windows;
  bool spreads = std::any_of(windows.dilations.begin(), windows.dilations.end(),
                             [](int64_t dilation) { return dilation != 1; });
  if (spreads || windows.rank == 3)
    return call.unsupported("such a transposed convolution has no operator",
                            cat("dilations ", windows.dilations), "use a Conv2DTranspose layer");
  ValueId shape = TRY(transposed_shape(call, parts)), x = parts.x;
  bool is_line = windows.rank == 1;
  ValueId weights = TRY(call.transpose(
      parts.kernel, is_line ? std::vector<int64_t>{1, 0, 2} : std::vector<int64_t>{2, 0, 1, 3}));
  if (is_line) {
    weights = TRY(call.expand(weights, 1)), x = TRY(call.expand(x, 1));
    ValueId batch = TRY(call.slice_axis(shape, 0, {.begin = 0, .end = 1}));
    ValueId rest = TRY(call.slice_axis(shape, 0, {.begin = 1}));
    shape = TRY(call.concatenate({batch, call.integers({1}), rest}, 0));
  }
  op::TransposeConv options{
      .padding = windows.padding, .stride_w = windows.stride(1), .stride_h = windows.stride(0)};
  ValueId y = TRY(call.node(op::transpose_conv, options, {shape, weights, x}));
  if (is_line) y = TRY(call.squeeze(y, 1));
  return TRY(behind_windows(call, y, windows));
}

constexpr FunctionDef functions[] = {
    {{"nn.conv1d", "nn.conv2d", "nn.conv3d", "nn.convolution", "nn.atrous_conv2d"},
     {"Conv"},
     import_convolution,
     {},
     0,
     "CONV_2D or CONV_3D"},
    {{"nn.depthwise_conv2d", "nn.depthwise_conv2d_native"},
     {"DepthwiseConv"},
     import_depthwise,
     {},
     0,
     "DEPTHWISE_CONV_2D"},
    {{"nn.separable_conv2d"},
     {"SeparableConv"},
     import_separable,
     {},
     0,
     "DEPTHWISE_CONV_2D and CONV_2D"},
    {{"nn.conv1d_transpose", "nn.conv2d_transpose", "nn.conv_transpose"},
     {"ConvTranspose"},
     import_transposed,
     {},
     0,
     "TRANSPOSE_CONV"},
};

}  // namespace

FunctionTable convolution_functions() { return function_table(functions); }

}  // namespace wherry::keras
