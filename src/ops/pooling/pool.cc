// AVERAGE_POOL_2D, MAX_POOL_2D and L2_POOL_2D; padding does not count.
#include "ops/pooling/pool.h"

#include "ops/pooling/windows.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field pool_2d_fields[] = {
    field<&Pool2D::padding>("padding", 0),
    field<&Pool2D::stride_w>("stride_w", 1),
    field<&Pool2D::stride_h>("stride_h", 2),
    field<&Pool2D::filter_width>("filter_width", 3),
    field<&Pool2D::filter_height>("filter_height", 4),
    field<&Pool2D::fused_activation_function>("fused_activation_function", 5)};

Status infer_pool(InferContext& context) {
  const auto& attributes = context.attributes<Pool2D>();
  const Shape& data = context.shape(0);
  ENSURE(data.rank() == 4, context.op().name, " needs data of rank 4 (NHWC), got the shape ", data);
  Pool2DGeometry geometry = TRY(pool_2d_geometry(attributes, data));
  TRY(check_pool(context, attributes.fused_activation_function));
  return context.set_output(0, context.dtype(0),
                            {data[0], geometry.y.output, geometry.x.output, data[3]});
}

template <PoolKind kind>
Status reference(Call& call) {
  const auto& attributes = call.attributes<Pool2D>();
  const Shape& data = call.shape(0);
  Pool2DGeometry geometry = TRY(pool_2d_geometry(attributes, data));
  PoolWindows windows{{{}, geometry.y, geometry.x}, data[0], data[3]};
  return run_pool(call, kind, windows, attributes.fused_activation_function);
}

constexpr TypeSet pooled_types = one_of(DType::f32) | quantized_types;
constexpr QuantizationFacts pool_quantization = {.rule = QuantizationRule::same_as_input,
                                                 .int16 = true};

}  // namespace

Expected<Pool2DGeometry> pool_2d_geometry(const Pool2D& attributes, const Shape& data) {
  return Pool2DGeometry{
      TRY(sliding_axis("height", data[1], {attributes.filter_height, attributes.stride_h},
                       attributes.padding)),
      TRY(sliding_axis("width", data[2], {attributes.filter_width, attributes.stride_w},
                       attributes.padding))};
}

constinit const AttributesType pool_2d_attributes = attributes_type<Pool2D>(pool_2d_fields, 5);

constinit const OpDef pool_family[3] = {
    {.name = "AVERAGE_POOL_2D",
     .code = 1,
     .attributes = &pool_2d_attributes,
     .inputs = {{"x", pooled_types}},
     .outputs = {{"y", pooled_types}},
     .versions = {{1, "1.5.0"}, {2, "1.14.0", DType::i8}, {3, "2.3.0", DType::i16}},
     .infer = infer_pool,
     .reference = reference<PoolKind::average>,
     .quantization = pool_quantization,
     .doc = "the average of each window and channel; padding does not count"},
    {.name = "MAX_POOL_2D",
     .code = 17,
     .attributes = &pool_2d_attributes,
     .inputs = {{"x", pooled_types}},
     .outputs = {{"y", pooled_types}},
     .versions = {{1, "1.5.0"}, {2, "1.14.0", DType::i8}, {3, "2.3.0", DType::i16}},
     .infer = infer_pool,
     .reference = reference<PoolKind::maximum>,
     .quantization = pool_quantization,
     .doc = "the largest element of each window and channel"},
    {.name = "L2_POOL_2D",
     .code = 12,
     .attributes = &pool_2d_attributes,
     .inputs = {{"x", DType::f32}},
     .outputs = {{"y", DType::f32}},
     .versions = {{1, "1.5.0"}},
     .infer = infer_pool,
     .reference = reference<PoolKind::l2>,
     .doc = "the root mean square of each window and channel"},
};

OpTable pool_ops() { return op_table(pool_family); }

}  // namespace wherry::op
