// GELU: x times the normal distribution function of x, exactly or by a formula with tanh.
#include "ops/activation/gelu.h"

#include <cmath>

#include "ops/elementwise.h"
#include "ops/lookup_table.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field gelu_fields[] = {field<&Gelu::approximate>("approximate", 0)};

constexpr TypeSet gelu_types = one_of(DType::f32, DType::f16, DType::bf16) | quantized_types;

float exact(float x, const TensorType&) {
  return 0.5f * x * std::erfc(x * -0.70710678118654752440f);
}

float approximate(float x, const TensorType&) {
  constexpr float root_of_2_over_pi = 0.79788456080286535588f;
  return 0.5f * x * (1.0f + std::tanh(root_of_2_over_pi * (x + 0.044715f * x * x * x)));
}

Status reference(Call& call) {
  TableFunction function = call.attributes<Gelu>().approximate ? approximate : exact;
  const TensorType& type = *call.output(0).type;
  bool is_float = for_type<float, half, bfloat16>(call.dtype(0), [&]<class T>() {
    map_elements<T>(call, [&](T x) { return T(function(x, type)); });
  });
  if (!is_float) map_by_table(call, function);
  return {};
}

}  // namespace

constinit const AttributesType gelu_attributes = attributes_type<Gelu>(gelu_fields, 116);

constinit const OpDef gelu = {
    .name = "GELU",
    .code = 150,
    .attributes = &gelu_attributes,
    .inputs = {{"x", gelu_types}},
    .outputs = {{"y", gelu_types}},
    .versions = {{1, "2.9.0"},
                 {2, "2.9.0", one_of(DType::i8, DType::u8)},
                 {3, "2.23.0", one_of(DType::f16, DType::bf16, DType::i16)}},
    .infer = infer_rescaled,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::calibrated},
    .doc = "x * P(X <= x) for a normal X, exactly or approximated with tanh"};

OpTable gelu_ops() { return op_table(gelu); }

}  // namespace wherry::op
