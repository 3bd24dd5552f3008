// TRANSPOSE_CONV: every element of the data spreads its products over a window of the output.
#include "ops/convolution/transpose_conv.h"

#include "ops/registry.h"
#include "ops/version_conditions.h"

namespace wherry::op {
namespace {

constexpr Field transpose_conv_fields[] = {
    field<&TransposeConv::padding>("padding", 0), field<&TransposeConv::stride_w>("stride_w", 1),
    field<&TransposeConv::stride_h>("stride_h", 2),
    field<&TransposeConv::fused_activation_function>("fused_activation_function", 3),
    field<&TransposeConv::quantized_bias_type>("quantized_bias_type", 4)};

WeightedOptions options_of(const TransposeConv& attributes) {
  return {attributes.fused_activation_function, attributes.quantized_bias_type};
}

Status infer_transpose_conv(InferContext& context) {
  const auto& attributes = context.attributes<TransposeConv>();
  Shape output(TRY(context.integers(0)));
  TRY(output.checked_elements());
  TRY(transpose_conv_geometry(attributes, output, context.shape(1), context.shape(2)));
  TRY(check_weighted(context, transpose_conv_roles, options_of(attributes)));
  return context.set_output(0, context.dtype(2), std::move(output));
}

/// Gathers, for each output element, the data whose windows cover it, first row first: floats are
/// added in the order in which the data would spread them.
struct Kernel {
  const TransposeConvGeometry& g;

  template <class Sum, class X, class W>
  Sum gather(const X* image, const W* weights, int64_t oy, int64_t ox, int32_t x_zero,
             int32_t w_zero) const {
    Sum sum = 0;
    for (int64_t ky = g.y.filter; ky-- > 0;) {
      int64_t iy = g.y.position_of(oy, ky);
      if (iy < 0 || iy >= g.height) continue;
      for (int64_t kx = g.x.filter; kx-- > 0;) {
        int64_t ix = g.x.position_of(ox, kx);
        if (ix < 0 || ix >= g.width) continue;
        sum = dot<Sum>(image + (iy * g.width + ix) * g.channels_in,
                       weights + (ky * g.x.filter + kx) * g.channels_in, g.channels_in, x_zero,
                       w_zero, sum);
      }
    }
    return sum;
  }

  template <class Sum, class X, class W, class Store>
  void operator()(const WeightedOperands<X, W>& operands, Store store) const {
    int64_t image_size = g.height * g.width * g.channels_in;
    int64_t filter_size = g.y.filter * g.x.filter * g.channels_in, i = 0;
    for (int64_t batch = 0; batch < g.batches; ++batch) {
      for (int64_t oy = 0; oy < g.y.input; ++oy) {
        for (int64_t ox = 0; ox < g.x.input; ++ox) {
          for (int64_t channel = 0; channel < g.channels_out; ++channel) {
            store(i++, batch, channel,
                  gather<Sum>(operands.x + batch * image_size, operands.w + channel * filter_size,
                              oy, ox, operands.x_zero[batch], operands.w_zero));
          }
        }
      }
    }
  }
};

Status reference(Call& call) {
  const auto& attributes = call.attributes<TransposeConv>();
  TransposeConvGeometry geometry = TRY(
      transpose_conv_geometry(attributes, call.output(0).shape(), call.shape(1), call.shape(2)));
  return run_transpose_conv(call, transpose_conv_roles, options_of(attributes), geometry);
}

int64_t macs(const InferContext& context) {
  return context.shape(2).elements() * context.shape(1).product(0, 3);
}

bool has_activation(const Graph&, const Node& node) {
  return node.attributes.as<TransposeConv>().fused_activation_function != Activation::none;
}
bool has_bias_type(const Graph&, const Node& node) {
  return node.attributes.as<TransposeConv>().quantized_bias_type != DType::f32;
}
bool has_bias(const Graph& graph, const Node& node) { return input_type(graph, node, 3); }

constexpr TypeSet data_types = one_of(DType::f32) | quantized_types;

}  // namespace

Status run_transpose_conv(Call& call, const WeightedRoles& roles, const WeightedOptions& options,
                          const TransposeConvGeometry& geometry) {
  const bool in_float = call.dtype(roles.data) == DType::u8;
  WeightedRun run{.roles = roles,
                  .options = options,
                  .rule = {.product = in_float ? Requantization::ScaleProduct::in_float
                                               : Requantization::ScaleProduct::in_double},
                  .groups = geometry.batches,
                  .asymmetric = true};
  return run_weighted(call, run, Kernel{geometry});
}

Expected<TransposeConvGeometry> transpose_conv_geometry(const TransposeConv& attributes,
                                                        const Shape& output, const Shape& weights,
                                                        const Shape& data) {
  ENSURE(output.rank() == 4, "TRANSPOSE_CONV needs an output shape of 4 numbers, got ", output);
  ENSURE(weights.rank() == 4, "TRANSPOSE_CONV needs weights of rank 4 (OHWI), got the shape ",
         weights);
  ENSURE(data.rank() == 4, "TRANSPOSE_CONV needs data of rank 4 (NHWC), got the shape ", data);
  ENSURE(weights[3] == data[3], "TRANSPOSE_CONV on ", data[3],
         " channels got weights of the shape ", weights);
  ENSURE(output[0] == data[0] && output[3] == weights[0], "TRANSPOSE_CONV of the shape ", data,
         " with weights ", weights, " cannot give the shape ", output);
  TransposeConvGeometry result;
  result.y =
      TRY(sliding_axis("height", output[1], {weights[1], attributes.stride_h}, attributes.padding));
  result.x =
      TRY(sliding_axis("width", output[2], {weights[2], attributes.stride_w}, attributes.padding));
  result.batches = data[0];
  result.channels_in = data[3];
  result.channels_out = weights[0];
  result.height = data[1];
  result.width = data[2];
  return result;
}

constinit const AttributesType transpose_conv_attributes =
    attributes_type<TransposeConv>(transpose_conv_fields, 49);

constinit const OpDef transpose_conv = {
    .name = "TRANSPOSE_CONV",
    .code = 67,
    .attributes = &transpose_conv_attributes,
    .inputs = {{"output_shape", DType::i32},
               {"weights", one_of(DType::f32, DType::u8, DType::i8)},
               {"x", data_types},
               {"bias", one_of(DType::f32, DType::i32, DType::i64), Presence::optional}},
    .outputs = {{"y", data_types}},
    .versions = {{1, "1.9.0"},
                 {2, "2.2.0", one_of(DType::i8, DType::i16)},
                 {3, "2.3.0", {}, has_bias},
                 {4, "2.13.0", {}, has_activation},
                 {5, "2.15.0", {}, has_bias_type}},
    .infer = infer_transpose_conv,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::calibrated,
                     .weights = 1,
                     .bias = 3,
                     .channel_axis = 0,
                     .data = 2,
                     .int16 = true},
    .macs = macs,
    .doc = "spreads each element over a window: the transpose of a convolution"};

OpTable transpose_conv_ops() { return op_table(transpose_conv); }

}  // namespace wherry::op
