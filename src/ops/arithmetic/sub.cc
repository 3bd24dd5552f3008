// SUB: the difference of two tensors.
#include "ops/arithmetic/sub.h"

#include "ops/arithmetic/binary.h"
#include "ops/arithmetic/quantized_sum.h"
#include "ops/registry.h"
#include "ops/version_conditions.h"
#include "ops/wrapping.h"

namespace wherry::op {
namespace {

constexpr Field sub_fields[] = {
    field<&Sub::fused_activation_function>("fused_activation_function", 0),
    field<&Sub::pot_scale_int16>("pot_scale_int16", 1, 1)};

constexpr TypeSet sub_types =
    one_of(DType::f32, DType::f16, DType::i32, DType::i64) | quantized_types;

QuantizedSum quantized_sum(const Sub& attributes) {
  return {.subtract = true,
          .activation = attributes.fused_activation_function,
          .pot_scale_int16 = attributes.pot_scale_int16};
}

Status infer_sub(InferContext& context) {
  const auto& attributes = context.attributes<Sub>();
  TRY(infer_arithmetic(context, attributes.fused_activation_function));
  if (!quantized_types.contains(context.dtype(0))) return {};
  TRY(check_scales(context, 2));
  return check_quantized_sum(context, quantized_sum(attributes));
}

Status reference(Call& call) {
  const auto& attributes = call.attributes<Sub>();
  if (quantized_types.contains(call.dtype(0)))
    return run_quantized_sum(call, quantized_sum(attributes));
  FloatRange bounds = finite_activation_range(attributes.fused_activation_function);
  for_type<float, half, int32_t, int64_t>(
      call.dtype(0), [&]<class T>() { map_plain<T>(call, bounds, wrapping_subtract<T>); });
  return {};
}

bool is_general_int16(const Graph& graph, const Node& node) {
  const TensorType* type = input_type(graph, node, 0);
  return type && type->dtype == DType::i16 && !node.attributes.as<Sub>().pot_scale_int16;
}

}  // namespace

constinit const AttributesType sub_attributes = attributes_type<Sub>(sub_fields, 28);

constinit const OpDef sub = {.name = "SUB",
                             .code = 41,
                             .attributes = &sub_attributes,
                             .inputs = {{"a", sub_types}, {"b", sub_types}},
                             .outputs = {{"y", sub_types}},
                             .versions = {{1, "1.6.0"},
                                          {2, "1.14.0", DType::i8},
                                          {3, "2.3.0", {}, broadcasts_above_rank<4>},
                                          {4, "2.4.0", DType::i64},
                                          {5, "2.4.0", {}, is_general_int16}},
                             .infer = infer_sub,
                             .reference = reference,
                             .quantization = {.rule = QuantizationRule::calibrated, .int16 = true},
                             .doc = "a - b, broadcast"};

OpTable sub_ops() { return op_table(sub); }

}  // namespace wherry::op
