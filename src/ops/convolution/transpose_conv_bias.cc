// Convolution2DTransposeBias: TRANSPOSE_CONV whose output shape follows from the data.
#include "ops/convolution/transpose_conv_bias.h"

#include "ops/opaque.h"
#include "ops/registry.h"
#include "ops/struct_options.h"

namespace wherry::op {
namespace {

Expected<TransposeConv> settings_of(const Node& node) {
  auto [padding, stride_w, stride_h] =
      TRY(struct_options<3>(node.attributes.as<Custom>().options, node.op->name));
  ENSURE(stride_w >= 1 && stride_h >= 1, node.op->name, " needs strides of 1 or more, got ",
         stride_h, " along the height and ", stride_w, " along the width");
  return TransposeConv{.padding = TRY(struct_padding(padding, node.op->name)),
                       .stride_w = stride_w,
                       .stride_h = stride_h};
}

/// With padding the last window ends where the data's remainder says, not where the filter does.
Expected<int64_t> output_extent(int64_t data, int64_t filter, int64_t stride, Padding padding) {
  int64_t cut = 0;
  if (padding == Padding::same) cut = std::max<int64_t>(0, filter - (data - 1) % stride - 1);
  return checked_add(TRY(checked_multiply(stride, data - 1)), filter - cut);
}

Status infer_transpose_conv_bias(InferContext& context) {
  const Shape &data = context.shape(0), &weights = context.shape(1), &bias = context.shape(2);
  TransposeConvGeometry geometry = TRY(transpose_conv_bias_geometry(context.node(), data, weights));
  ENSURE(bias.rank() == 1 && bias[0] == weights[0], context.op().name, " needs a bias of shape [",
         weights[0], "], got ", bias);
  return context.set_output(0, DType::f32,
                            {data[0], geometry.y.input, geometry.x.input, weights[0]});
}

Status reference(Call& call) {
  return run_transpose_conv(
      call, transpose_conv_bias_roles, {},
      TRY(transpose_conv_bias_geometry(call.node(), call.shape(0), call.shape(1))));
}

int64_t macs(const InferContext& context) {
  return context.shape(0).elements() * context.shape(1).product(0, 3);
}

}  // namespace

Expected<TransposeConvGeometry> transpose_conv_bias_geometry(const Node& node, const Shape& data,
                                                             const Shape& weights) {
  TransposeConv settings = TRY(settings_of(node));
  ENSURE(data.rank() == 4 && data[1] >= 1 && data[2] >= 1, node.op->name,
         " needs data of rank 4 (NHWC) with pixels, got the shape ", data);
  ENSURE(weights.rank() == 4 && weights[1] >= 1 && weights[2] >= 1, node.op->name,
         " needs weights of rank 4 (OHWI), got the shape ", weights);
  Shape output{
      data[0], TRY(output_extent(data[1], weights[1], settings.stride_h, settings.padding)),
      TRY(output_extent(data[2], weights[2], settings.stride_w, settings.padding)), weights[0]};
  return transpose_conv_geometry(settings, output, weights, data);
}

constinit const OpDef transpose_conv_bias = {
    .name = "Convolution2DTransposeBias",
    .attributes = &custom_attributes,
    .inputs = {{"x", DType::f32}, {"weights", DType::f32}, {"bias", DType::f32}},
    .outputs = {{"y", DType::f32}},
    .versions = {{1}},
    .infer = infer_transpose_conv_bias,
    .reference = reference,
    .macs = macs,
    .doc =
        "MediaPipe's TRANSPOSE_CONV: the data's extents decide the output's; options are a C "
        "struct of padding, stride_w, stride_h"};

OpTable transpose_conv_bias_ops() { return op_table(transpose_conv_bias); }

}  // namespace wherry::op
