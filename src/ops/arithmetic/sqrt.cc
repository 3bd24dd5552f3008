// SQRT: square roots. Quantised results are cut off, not rounded, as in the stock runtime.
#include "ops/arithmetic/sqrt.h"

#include <cmath>

#include "ops/elementwise.h"
#include "ops/fixed_point.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet sqrt_types = one_of(DType::f32, DType::f16, DType::i8, DType::i16);

/// Numbers below zero give zero.
template <class T>
void sqrt_quantized(Call& call) {
  const TensorType &in = *call.input(0).type, &out = *call.output(0).type;
  const IntegerRange range = full_range(out.dtype);
  map_elements<T>(call, [&](T element) {
    float x = static_cast<float>(element - in.zero_point()) * in.scale();
    float units = x > 0 ? std::sqrt(x) / out.scale() : 0;
    int64_t y = round_to<int32_t>(std::trunc(units));
    return static_cast<T>(std::clamp<int64_t>(y + out.zero_point(), range.min, range.max));
  });
}

Status reference(Call& call) {
  map_floats(call, [](float x) { return std::sqrt(x); });
  for_type<int8_t, int16_t>(call.dtype(0), [&]<class T>() { sqrt_quantized<T>(call); });
  return {};
}

}  // namespace

constinit const OpDef sqrt = {
    .name = "SQRT",
    .code = 75,
    .inputs = {{"x", sqrt_types}},
    .outputs = {{"y", sqrt_types}},
    .versions = {{1, "1.10.0"}, {2, "2.21.0", one_of(DType::i8, DType::i16)}},
    .infer = infer_rescaled,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::calibrated, .int16 = true},
    .doc = "the square root of x"};

OpTable sqrt_ops() { return op_table(sqrt); }

}  // namespace wherry::op
