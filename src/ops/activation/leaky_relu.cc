// LEAKY_RELU: x, or alpha * x below zero.
#include "ops/activation/leaky_relu.h"

#include "ops/elementwise.h"
#include "ops/fixed_point.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field leaky_relu_fields[] = {field<&LeakyRelu::alpha>("alpha", 0)};

constexpr TypeSet leaky_relu_types = one_of(DType::f32, DType::f16) | quantized_types;

template <class T>
void leaky_relu_quantized(Call& call, float alpha) {
  const TensorType &in = *call.input(0).type, &out = *call.output(0).type;
  const FixedMultiplier above = fixed_multiplier(static_cast<double>(in.scale() / out.scale()));
  const FixedMultiplier below =
      fixed_multiplier(static_cast<double>(in.scale() * alpha / out.scale()));
  const IntegerRange range = full_range(out.dtype);
  map_elements<T>(call, [&](T element) {
    int32_t x = element - in.zero_point();
    int64_t y = int64_t{multiply(x, x >= 0 ? above : below)} + out.zero_point();
    return static_cast<T>(std::clamp<int64_t>(y, range.min, range.max));
  });
}

Status reference(Call& call) {
  float alpha = call.attributes<LeakyRelu>().alpha;
  map_floats(call, [&](float x) { return x > 0 ? x : x * alpha; });
  for_type<int8_t, uint8_t, int16_t>(call.dtype(0),
                                     [&]<class T>() { leaky_relu_quantized<T>(call, alpha); });
  return {};
}

}  // namespace

constinit const AttributesType leaky_relu_attributes =
    attributes_type<LeakyRelu>(leaky_relu_fields, 75);

constinit const OpDef leaky_relu = {
    .name = "LEAKY_RELU",
    .code = 98,
    .attributes = &leaky_relu_attributes,
    .inputs = {{"x", leaky_relu_types}},
    .outputs = {{"y", leaky_relu_types}},
    .versions = {{1, "1.13.1"}, {2, "2.3.0", DType::i16}},
    .infer = infer_rescaled,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::calibrated, .int16 = true},
    .doc = "x above 0, alpha * x below"};

OpTable leaky_relu_ops() { return op_table(leaky_relu); }

}  // namespace wherry::op
