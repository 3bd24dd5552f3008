// ADD: the sum of two tensors.
#include "ops/arithmetic/add.h"

#include "ops/arithmetic/binary.h"
#include "ops/arithmetic/quantized_sum.h"
#include "ops/registry.h"
#include "ops/version_conditions.h"
#include "ops/wrapping.h"

namespace wherry::op {
namespace {

constexpr Field add_fields[] = {
    field<&Add::fused_activation_function>("fused_activation_function", 0),
    field<&Add::pot_scale_int16>("pot_scale_int16", 1, 1)};

constexpr TypeSet add_types =
    one_of(DType::f32, DType::f16, DType::i32, DType::i64) | quantized_types;

QuantizedSum quantized_sum(const Add& attributes) {
  return {.activation = attributes.fused_activation_function,
          .pot_scale_int16 = attributes.pot_scale_int16};
}

Status infer_add(InferContext& context) {
  const auto& attributes = context.attributes<Add>();
  TRY(infer_arithmetic(context, attributes.fused_activation_function));
  if (!is_quantized_number(context.input(0))) return {};
  if (context.dtype(0) == DType::i16) TRY(check_zero_points_are_zero(context, 2));
  return check_quantized_sum(context, quantized_sum(attributes));
}

Status reference(Call& call) {
  const auto& attributes = call.attributes<Add>();
  if (is_quantized_number(*call.input(0).type))
    return run_quantized_sum(call, quantized_sum(attributes));
  FloatRange bounds = finite_activation_range(attributes.fused_activation_function);
  for_type<float, half, int32_t, int64_t, int16_t>(
      call.dtype(0), [&]<class T>() { map_plain<T>(call, bounds, wrapping_add<T>); });
  return {};
}

bool is_general_int16(const Graph& graph, const Node& node) {
  const TensorType* type = input_type(graph, node, 0);
  return type && type->dtype == DType::i16 && !node.attributes.as<Add>().pot_scale_int16;
}

bool is_plain_int16(const Graph& graph, const Node& node) {
  const TensorType* type = input_type(graph, node, 0);
  return type && type->dtype == DType::i16 && !type->quantized();
}

}  // namespace

constinit const AttributesType add_attributes = attributes_type<Add>(add_fields, 11);

constinit const OpDef add = {.name = "ADD",
                             .code = 0,
                             .attributes = &add_attributes,
                             .inputs = {{"a", add_types}, {"b", add_types}},
                             .outputs = {{"y", add_types}},
                             .versions = {{1, "1.5.0"},
                                          {2, "1.14.0", DType::i8},
                                          {3, "2.4.0", {}, is_general_int16},
                                          {4, "2.6.0", DType::i64},
                                          {5, "2.13.0", {}, is_plain_int16},
                                          {6, "2.23.0", DType::f16}},
                             .infer = infer_add,
                             .reference = reference,
                             .quantization = {.rule = QuantizationRule::calibrated, .int16 = true},
                             .doc = "a + b, broadcast"};

OpTable add_ops() { return op_table(add); }

}  // namespace wherry::op
