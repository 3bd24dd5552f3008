// DIV: the quotient of two tensors.
#include "ops/arithmetic/div.h"

#include <algorithm>
#include <bit>

#include "ops/arithmetic/binary.h"
#include "ops/arithmetic/divisor.h"
#include "ops/fixed_point_functions.h"
#include "ops/registry.h"
#include "ops/version_conditions.h"

namespace wherry::op {
namespace {

constexpr Field div_fields[] = {
    field<&Div::fused_activation_function>("fused_activation_function", 0)};

constexpr TypeSet div_types = one_of(DType::f32, DType::f16, DType::i32) | quantized_types;

Status infer_div(InferContext& context) {
  TRY(infer_arithmetic(context, context.attributes<Div>().fused_activation_function));
  if (!quantized_types.contains(context.dtype(0))) return {};
  return check_scales(context, 2);
}

/// a / b in units of `unit` = the output's scale in units of the quotient's.
int32_t quotient(int32_t a, int32_t b, FixedMultiplier unit) {
  if (b < 0) a = -a, b = -b;
  FixedReciprocal reciprocal = fixed_reciprocal(static_cast<uint64_t>(b));
  constexpr int fraction_bits = 19;  // fixed_reciprocal counts b in units of 2^-19
  int headroom = std::countl_zero(static_cast<uint32_t>(a < 0 ? ~a : a)) - 1;
  auto shifted = static_cast<int32_t>(static_cast<uint32_t>(a) << headroom);
  int32_t unscaled = rounding_doubling_high_multiply(shifted, reciprocal.scale.raw);
  int shift = unit.shift - (reciprocal.bits_over_unit + fraction_bits) - headroom;
  if (shift < -31) return 0;  // below half a unit; the stock kernels shift by too much here
  return multiply(unscaled, {unit.mantissa, shift});
}

template <class T>
Status div_quantized(Call& call, IntegerRange range) {
  const TensorType &a = *call.input(0).type, &b = *call.input(1).type, &y = *call.output(0).type;
  TRY(check_divisors<T>(call, static_cast<T>(b.zero_point())));
  const FixedMultiplier unit =
      fixed_multiplier(static_cast<double>(a.scale() / (b.scale() * y.scale())));
  map_pairs<T>(call, [&](T left, T right) {
    int32_t result = quotient(left - a.zero_point(), right - b.zero_point(), unit);
    return static_cast<T>(
        std::clamp<int64_t>(int64_t{result} + y.zero_point(), range.min, range.max));
  });
  return {};
}

Status reference(Call& call) {
  Activation activation = call.attributes<Div>().fused_activation_function;
  FloatRange bounds = finite_activation_range(activation);
  if (map_float_pairs(call, [&](float a, float b) { return activated(a / b, bounds); })) return {};
  if (call.dtype(0) == DType::i32) {
    TRY(check_divisors<int32_t>(call, 0));
    map_plain<int32_t>(call, bounds, wrapping_divide<int32_t>);
    return {};
  }
  IntegerRange range = quantized_activation_range(activation, *call.output(0).type);
  Status status;
  for_type<int8_t, uint8_t, int16_t>(call.dtype(0),
                                     [&]<class T>() { status = div_quantized<T>(call, range); });
  return status;
}

}  // namespace

constinit const AttributesType div_attributes = attributes_type<Div>(div_fields, 29);

constinit const OpDef div = {.name = "DIV",
                             .code = 42,
                             .attributes = &div_attributes,
                             .inputs = {{"a", div_types}, {"b", div_types}},
                             .outputs = {{"y", div_types}},
                             .versions = {{1, "1.6.0"}, {2, "2.3.0", {}, broadcasts_above_rank<4>}},
                             .infer = infer_div,
                             .reference = reference,
                             .quantization = {.rule = QuantizationRule::calibrated},
                             .doc = "a / b, broadcast; integers are cut off towards zero"};

OpTable div_ops() { return op_table(div); }

}  // namespace wherry::op
