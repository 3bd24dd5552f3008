// DEPTHWISE_CONV_2D: each channel is convolved on its own, with one or more filters.
#include "ops/convolution/depthwise_conv_2d.h"

#include "ops/registry.h"
#include "ops/version_conditions.h"

namespace wherry::op {
namespace {

constexpr Field depthwise_conv_2d_fields[] = {
    field<&DepthwiseConv2D::padding>("padding", 0),
    field<&DepthwiseConv2D::stride_w>("stride_w", 1),
    field<&DepthwiseConv2D::stride_h>("stride_h", 2),
    field<&DepthwiseConv2D::depth_multiplier>("depth_multiplier", 3),
    field<&DepthwiseConv2D::fused_activation_function>("fused_activation_function", 4),
    field<&DepthwiseConv2D::dilation_w_factor>("dilation_w_factor", 5, 1),
    field<&DepthwiseConv2D::dilation_h_factor>("dilation_h_factor", 6, 1)};

Status infer_depthwise_conv_2d(InferContext& context) {
  const auto& attributes = context.attributes<DepthwiseConv2D>();
  DepthwiseGeometry geometry =
      TRY(depthwise_geometry(attributes, context.shape(0), context.shape(1)));
  TRY(check_weighted(context, depthwise_conv_2d_roles, {attributes.fused_activation_function}));
  return context.set_output(
      0, context.dtype(0),
      {geometry.batches, geometry.y.output, geometry.x.output, geometry.channels_out()});
}

struct Kernel {
  const DepthwiseGeometry& g;

  /// Adds the products of one tap to the sums of all output channels.
  template <class Sum, class X, class W>
  void add_tap(const X* x, const W* w, Sum* sums, int32_t x_zero, int32_t w_zero) const {
    for (int64_t channel = 0; channel < g.channels_in; ++channel) {
      for (int64_t m = 0; m < g.multiplier; ++m)
        *sums++ += dot<Sum>(x + channel, w++, 1, x_zero, w_zero);
    }
  }

  template <class Sum, class X, class W>
  void add_window(const X* image, const W* weights, int64_t oy, int64_t ox, Sum* sums,
                  int32_t x_zero, int32_t w_zero) const {
    SlidingAxis::Taps rows = g.y.taps(oy), columns = g.x.taps(ox);
    for (int64_t ky = rows.first; ky < rows.last; ++ky) {
      int64_t iy = g.y.origin(oy) + ky * g.y.dilation;
      for (int64_t kx = columns.first; kx < columns.last; ++kx) {
        int64_t ix = g.x.origin(ox) + kx * g.x.dilation;
        add_tap(image + (iy * g.x.input + ix) * g.channels_in,
                weights + (ky * g.x.filter + kx) * g.channels_out(), sums, x_zero, w_zero);
      }
    }
  }

  template <class Sum, class X, class W, class Store>
  void operator()(const WeightedOperands<X, W>& operands, Store store) const {
    int64_t image_size = g.y.input * g.x.input * g.channels_in, i = 0;
    std::vector<Sum> sums(static_cast<size_t>(g.channels_out()));
    for (int64_t batch = 0; batch < g.batches; ++batch) {
      for (int64_t oy = 0; oy < g.y.output; ++oy) {
        for (int64_t ox = 0; ox < g.x.output; ++ox) {
          std::fill(sums.begin(), sums.end(), Sum{0});
          add_window(operands.x + batch * image_size, operands.w, oy, ox, sums.data(),
                     operands.x_zero[batch], operands.w_zero);
          for (int64_t channel = 0; channel < g.channels_out(); ++channel)
            store(i++, batch, channel, sums[static_cast<size_t>(channel)]);
        }
      }
    }
  }
};

/// For int4 weights there is no stock reference kernel. The optimised one takes eight channels at a
/// time and rounds their ties upwards, those of the remaining channels away from zero.
Requantization::Rule rule_of(DType data, DType weights, int64_t channels) {
  Requantization::Rule rule;
  if (data == DType::u8) rule.product = Requantization::ScaleProduct::in_float;
  if (data == DType::i8 && weights == DType::i4) rule.ties_up_below = channels / 8 * 8;
  return rule;
}

Status reference(Call& call) {
  const auto& attributes = call.attributes<DepthwiseConv2D>();
  DepthwiseGeometry geometry = TRY(depthwise_geometry(attributes, call.shape(0), call.shape(1)));
  WeightedRun run{.roles = depthwise_conv_2d_roles,
                  .options = {attributes.fused_activation_function},
                  .rule = rule_of(call.dtype(0), call.dtype(1), geometry.channels_out()),
                  .groups = geometry.batches,
                  .asymmetric = true};
  return run_weighted(call, run, Kernel{geometry});
}

int64_t macs(const InferContext& context) {
  return context.outputs()[0].shape.elements() * context.shape(1).product(1, 3);
}

bool is_dilated(const Graph&, const Node& node) {
  const auto& attributes = node.attributes.as<DepthwiseConv2D>();
  return attributes.dilation_h_factor != 1 || attributes.dilation_w_factor != 1;
}

constexpr TypeSet data_types = one_of(DType::f32, DType::f16) | quantized_types;

}  // namespace

Expected<DepthwiseGeometry> depthwise_geometry(const DepthwiseConv2D& attributes, const Shape& data,
                                               const Shape& weights) {
  ENSURE(data.rank() == 4, "DEPTHWISE_CONV_2D needs data of rank 4 (NHWC), got the shape ", data);
  ENSURE(weights.rank() == 4 && weights[0] == 1,
         "DEPTHWISE_CONV_2D needs weights of the shape [1, height, width, channels], got ",
         weights);
  DepthwiseGeometry result;
  result.y = TRY(sliding_axis("height", data[1],
                              {weights[1], attributes.stride_h, attributes.dilation_h_factor},
                              attributes.padding));
  result.x = TRY(sliding_axis("width", data[2],
                              {weights[2], attributes.stride_w, attributes.dilation_w_factor},
                              attributes.padding));
  result.batches = data[0];
  result.channels_in = data[3];
  ENSURE(data[3] >= 1 && weights[3] >= 1 && weights[3] % data[3] == 0, "DEPTHWISE_CONV_2D on ",
         data[3], " channels needs a multiple of them in the weights, got the shape ", weights);
  result.multiplier = weights[3] / data[3];
  return result;
}

constinit const AttributesType depthwise_conv_2d_attributes =
    attributes_type<DepthwiseConv2D>(depthwise_conv_2d_fields, 2);

constinit const OpDef depthwise_conv_2d = {
    .name = "DEPTHWISE_CONV_2D",
    .code = 4,
    .attributes = &depthwise_conv_2d_attributes,
    .inputs = {{"x", data_types},
               {"weights", one_of(DType::f32, DType::f16, DType::u8, DType::i8, DType::i4)},
               {"bias", one_of(DType::f32, DType::f16, DType::i32, DType::i64),
                Presence::optional}},
    .outputs = {{"y", data_types}},
    .versions = {{1, "1.5.0"},
                 {2, "1.12.0", {}, is_dilated},
                 {3, "1.14.0", {}, input_is<0, DType::i8>},
                 {4, "2.2.0", {}, is_hybrid_node},
                 {5, "2.3.0", {}, input_is<0, DType::i16>},
                 {6, "2.3.0", {}, is_hybrid_per_channel},
                 {7, "2.11.0", DType::i4}},
    .infer = infer_depthwise_conv_2d,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::calibrated,
                     .weights = 1,
                     .bias = 2,
                     .channel_axis = 3,
                     .int16 = true,
                     .hybrid = true},
    .macs = macs,
    .doc = "convolves each channel on its own"};

OpTable depthwise_conv_2d_ops() { return op_table(depthwise_conv_2d); }

}  // namespace wherry::op
