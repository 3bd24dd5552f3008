// ABS: magnitudes.
#include "ops/arithmetic/abs.h"

#include <cmath>

#include "ops/elementwise.h"
#include "ops/fixed_point.h"
#include "ops/registry.h"
#include "ops/version_conditions.h"
#include "ops/wrapping.h"

namespace wherry::op {
namespace {

constexpr TypeSet abs_types = one_of(DType::f32, DType::f16, DType::i8, DType::i16, DType::i32);

/// int16 without a scale is a plain integer.
bool is_quantized(const TensorType& type) {
  return type.dtype == DType::i8 || (type.dtype == DType::i16 && type.quantized());
}

Status infer_abs(InferContext& context) {
  return is_quantized(context.input(0)) ? infer_rescaled(context) : infer_elementwise(context);
}

template <class T>
T magnitude(T x) {
  return x < 0 ? wrapping_subtract<T>(0, x) : x;
}

template <class T>
void abs_quantized(Call& call) {
  const TensorType &in = *call.input(0).type, &out = *call.output(0).type;
  const bool rescales = in.scale() != out.scale();
  const FixedMultiplier factor = fixed_multiplier(static_cast<double>(in.scale() / out.scale()));
  const IntegerRange range = full_range(out.dtype);
  map_elements<T>(call, [&](T x) {
    int32_t value = std::abs(x - in.zero_point());
    int64_t scaled = rescales ? multiply(value, factor) : value;
    return static_cast<T>(std::clamp<int64_t>(scaled + out.zero_point(), range.min, range.max));
  });
}

Status reference(Call& call) {
  if (is_quantized(*call.input(0).type)) {
    for_type<int8_t, int16_t>(call.dtype(0), [&]<class T>() { abs_quantized<T>(call); });
    return {};
  }
  map_floats(call, [](float x) { return std::abs(x); });
  for_type<int16_t, int32_t>(call.dtype(0),
                             [&]<class T>() { map_elements<T>(call, magnitude<T>); });
  return {};
}

bool is_plain_int16(const Graph& graph, const Node& node) {
  const TensorType* type = input_type(graph, node, 0);
  return type && type->dtype == DType::i16 && !type->quantized();
}

}  // namespace

constinit const AttributesType abs_attributes = attributes_type<NoAttributes>({}, 78);

constinit const OpDef abs = {.name = "ABS",
                             .code = 101,
                             .attributes = &abs_attributes,
                             .inputs = {{"x", abs_types}},
                             .outputs = {{"y", abs_types}},
                             .versions = {{1, "1.13.0"},
                                          {2, "2.4.0", DType::i8},
                                          {3, "2.5.0", DType::i16},
                                          {4, "2.6.0", {}, is_plain_int16},
                                          {5, "2.12.0", DType::i32}},
                             .infer = infer_abs,
                             .reference = reference,
                             .quantization = {.rule = QuantizationRule::calibrated, .int16 = true},
                             .doc = "the magnitude of x"};

OpTable abs_ops() { return op_table(abs); }

}  // namespace wherry::op
