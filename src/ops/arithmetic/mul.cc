// MUL: the product of two tensors.
#include "ops/arithmetic/mul.h"

#include <complex>

#include "ops/arithmetic/binary.h"
#include "ops/registry.h"
#include "ops/version_conditions.h"
#include "ops/wrapping.h"

namespace wherry::op {
namespace {

constexpr Field mul_fields[] = {
    field<&Mul::fused_activation_function>("fused_activation_function", 0)};

constexpr TypeSet mul_types =
    one_of(DType::f32, DType::f16, DType::i32, DType::u32, DType::i64, DType::c64) |
    quantized_types;

Status infer_mul(InferContext& context) {
  TRY(infer_arithmetic(context, context.attributes<Mul>().fused_activation_function));
  if (context.dtype(0) == DType::i16 && is_quantized_number(context.input(0)))
    return check_zero_points_are_zero(context, 2);
  return {};
}

template <class T>
void mul_quantized(Call& call, IntegerRange range) {
  const TensorType &a = *call.input(0).type, &b = *call.input(1).type, &y = *call.output(0).type;
  const FixedMultiplier factor =
      fixed_multiplier(static_cast<double>(a.scale() * b.scale() / y.scale()));
  map_pairs<T>(call, [&](T left, T right) {
    int32_t product = (left - a.zero_point()) * (right - b.zero_point());
    return static_cast<T>(std::clamp<int64_t>(int64_t{multiply(product, factor)} + y.zero_point(),
                                              range.min, range.max));
  });
}

Status reference(Call& call) {
  Activation activation = call.attributes<Mul>().fused_activation_function;
  if (is_quantized_number(*call.input(0).type)) {
    IntegerRange range = quantized_activation_range(activation, *call.output(0).type);
    for_type<int8_t, uint8_t, int16_t>(call.dtype(0),
                                       [&]<class T>() { mul_quantized<T>(call, range); });
    return {};
  }
  FloatRange bounds = finite_activation_range(activation);
  for_type<float, half, int32_t, uint32_t, int64_t, int16_t, std::complex<float>>(
      call.dtype(0), [&]<class T>() { map_plain<T>(call, bounds, wrapping_multiply<T>); });
  return {};
}

bool is_plain_int16(const Graph& graph, const Node& node) {
  const TensorType* type = input_type(graph, node, 0);
  return type && type->dtype == DType::i16 && !type->quantized();
}

/// Old runtimes only rescale to a coarser scale than the product's.
bool output_is_finer(const Graph& graph, const Node& node) {
  const TensorType *a = input_type(graph, node, 0), *b = input_type(graph, node, 1);
  if (!a || !b || node.outputs.empty() || node.outputs[0] == no_value) return false;
  const TensorType& y = graph.value(node.outputs[0]).type;
  return a->quantized() && b->quantized() && y.quantized() &&
         a->scale() * b->scale() / y.scale() >= 1;
}

}  // namespace

constinit const AttributesType mul_attributes = attributes_type<Mul>(mul_fields, 21);

constinit const OpDef mul = {.name = "MUL",
                             .code = 18,
                             .attributes = &mul_attributes,
                             .inputs = {{"a", mul_types}, {"b", mul_types}},
                             .outputs = {{"y", mul_types}},
                             .versions = {{1, "1.5.0"},
                                          {2, "1.14.0", DType::i8},
                                          {3, "1.15.0", {}, output_is_finer},
                                          {4, "2.3.0", DType::i16},
                                          {5, "2.6.0", DType::i64},
                                          {6, "2.11.0", DType::c64},
                                          {7, "2.13.0", DType::u32, is_plain_int16},
                                          {8, "2.23.0", DType::f16}},
                             .infer = infer_mul,
                             .reference = reference,
                             .quantization = {.rule = QuantizationRule::calibrated, .int16 = true},
                             .doc = "a * b, broadcast"};

OpTable mul_ops() { return op_table(mul); }

}  // namespace wherry::op
