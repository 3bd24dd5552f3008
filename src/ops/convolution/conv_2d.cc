// CONV_2D: two-dimensional convolution with strides, dilation and groups.
#include "ops/convolution/conv_2d.h"

#include "ops/registry.h"
#include "ops/version_conditions.h"

namespace wherry::op {
namespace {

constexpr Field conv_2d_fields[] = {
    field<&Conv2D::padding>("padding", 0),
    field<&Conv2D::stride_w>("stride_w", 1),
    field<&Conv2D::stride_h>("stride_h", 2),
    field<&Conv2D::fused_activation_function>("fused_activation_function", 3),
    field<&Conv2D::dilation_w_factor>("dilation_w_factor", 4, 1),
    field<&Conv2D::dilation_h_factor>("dilation_h_factor", 5, 1),
    field<&Conv2D::quantized_bias_type>("quantized_bias_type", 6)};

WeightedOptions options_of(const Conv2D& attributes) {
  return {attributes.fused_activation_function, attributes.quantized_bias_type};
}

Status infer_conv_2d(InferContext& context) {
  const auto& attributes = context.attributes<Conv2D>();
  Conv2DGeometry geometry = TRY(conv_2d_geometry(attributes, context.shape(0), context.shape(1)));
  TRY(check_weighted(context, conv_2d_roles, options_of(attributes)));
  return context.set_output(
      0, context.dtype(0),
      {geometry.batches, geometry.y.output, geometry.x.output, geometry.channels_out});
}

struct Kernel {
  const Conv2DGeometry& g;

  /// The sum over the window at (oy, ox) of one image for one output channel.
  template <class Sum, class X, class W>
  Sum window(const X* image, const W* weights, int64_t oy, int64_t ox, int32_t x_zero,
             int32_t w_zero) const {
    Sum sum = 0;
    SlidingAxis::Taps rows = g.y.taps(oy), columns = g.x.taps(ox);
    for (int64_t ky = rows.first; ky < rows.last; ++ky) {
      int64_t iy = g.y.origin(oy) + ky * g.y.dilation;
      for (int64_t kx = columns.first; kx < columns.last; ++kx) {
        int64_t ix = g.x.origin(ox) + kx * g.x.dilation;
        sum = dot<Sum>(image + (iy * g.x.input + ix) * g.channels_in,
                       weights + (ky * g.x.filter + kx) * g.group_in(), g.group_in(), x_zero,
                       w_zero, sum);
      }
    }
    return sum;
  }

  template <class Sum, class X, class W, class Store>
  void operator()(const WeightedOperands<X, W>& operands, Store store) const {
    int64_t image_size = g.y.input * g.x.input * g.channels_in;
    int64_t filter_size = g.y.filter * g.x.filter * g.group_in();
    int64_t i = 0;
    for (int64_t batch = 0; batch < g.batches; ++batch) {
      for (int64_t oy = 0; oy < g.y.output; ++oy) {
        for (int64_t ox = 0; ox < g.x.output; ++ox) {
          for (int64_t channel = 0; channel < g.channels_out; ++channel) {
            int64_t group = channel / g.group_out();
            store(i++, batch, channel,
                  window<Sum>(operands.x + batch * image_size + group * g.group_in(),
                              operands.w + channel * filter_size, oy, ox, operands.x_zero[batch],
                              operands.w_zero));
          }
        }
      }
    }
  }
};

Status reference(Call& call) {
  const auto& attributes = call.attributes<Conv2D>();
  Conv2DGeometry geometry = TRY(conv_2d_geometry(attributes, call.shape(0), call.shape(1)));
  WeightedRun run{
      .roles = conv_2d_roles,
      .options = options_of(attributes),
      .rule = {.product = call.dtype(0) == DType::u8 ? Requantization::ScaleProduct::in_float
                                                     : Requantization::ScaleProduct::in_double},
      .groups = geometry.batches,
      .asymmetric = conv_2d_quantizes_asymmetrically(*call.input(1).type, geometry)};
  return run_weighted(call, run, Kernel{geometry});
}

int64_t macs(const InferContext& context) {
  return context.outputs()[0].shape.elements() * context.shape(1).product(1, 4);
}

bool is_grouped(const Graph& graph, const Node& node) {
  const TensorType *data = input_type(graph, node, 0), *weights = input_type(graph, node, 1);
  return data && weights && data->shape.rank() == 4 && weights->shape.rank() == 4 &&
         data->shape[3] != weights->shape[3];
}

bool has_bias_type(const Graph&, const Node& node) {
  return node.attributes.as<Conv2D>().quantized_bias_type != DType::f32;
}

constexpr TypeSet data_types = one_of(DType::f32, DType::f16) | quantized_types;

}  // namespace

Expected<Conv2DGeometry> conv_2d_geometry(const Conv2D& attributes, const Shape& data,
                                          const Shape& weights) {
  ENSURE(data.rank() == 4, "CONV_2D needs data of rank 4 (NHWC), got the shape ", data);
  ENSURE(weights.rank() == 4, "CONV_2D needs weights of rank 4 (OHWI), got the shape ", weights);
  Conv2DGeometry result;
  result.y = TRY(sliding_axis("height", data[1],
                              {weights[1], attributes.stride_h, attributes.dilation_h_factor},
                              attributes.padding));
  result.x = TRY(sliding_axis("width", data[2],
                              {weights[2], attributes.stride_w, attributes.dilation_w_factor},
                              attributes.padding));
  result.batches = data[0];
  result.channels_in = data[3];
  result.channels_out = weights[0];
  ENSURE(weights[3] >= 1 && data[3] >= 1 && data[3] % weights[3] == 0, "CONV_2D on ", data[3],
         " channels cannot use weights for ", weights[3], " of them (shape ", weights, ")");
  result.groups = data[3] / weights[3];
  ENSURE(weights[0] % result.groups == 0, "CONV_2D with ", result.groups, " groups cannot give ",
         weights[0], " output channels");
  return result;
}

bool conv_2d_quantizes_asymmetrically(const TensorType& weights, const Conv2DGeometry& geometry) {
  return geometry.groups > 1 || (weights.quantized() && weights.quantization->scales.size() > 1);
}

constinit const AttributesType conv_2d_attributes = attributes_type<Conv2D>(conv_2d_fields, 1);

constinit const OpDef conv_2d = {
    .name = "CONV_2D",
    .code = 3,
    .attributes = &conv_2d_attributes,
    .inputs = {{"x", data_types},
               {"weights", one_of(DType::f32, DType::f16, DType::u8, DType::i8, DType::i4)},
               {"bias", one_of(DType::f32, DType::f16, DType::i32, DType::i64),
                Presence::optional}},
    .outputs = {{"y", data_types}},
    .versions = {{1, "1.5.0"},
                 {2, "1.14.0", {}, is_hybrid_node},
                 {3, "1.14.0", {}, input_is<0, DType::i8>},
                 {4, "2.3.0", {}, input_is<0, DType::i16>},
                 {5, "2.4.0", {}, is_hybrid_per_channel},
                 {6, "2.9.0", {}, is_grouped},
                 {7, "2.11.0", DType::i4},
                 {8, "2.15.0", {}, has_bias_type}},
    .infer = infer_conv_2d,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::calibrated,
                     .weights = 1,
                     .bias = 2,
                     .channel_axis = 0,
                     .int16 = true,
                     .hybrid = true},
    .macs = macs,
    .doc = "sums of products under a window that slides over the image"};

OpTable conv_2d_ops() { return op_table(conv_2d); }

}  // namespace wherry::op
