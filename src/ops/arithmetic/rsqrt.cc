// RSQRT: one over the square root.
#include "ops/arithmetic/rsqrt.h"

#include <cmath>

#include "ops/elementwise.h"
#include "ops/fixed_point_functions.h"
#include "ops/lookup_table.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet rsqrt_types = one_of(DType::f32, DType::f16, DType::i8, DType::i16);

/// Where there is no root the table holds the highest number of the output type.
float root_or_highest(float x, const TensorType& y) {
  return x > 0 ? 1.0f / std::sqrt(x) : 32767 * y.scale();
}

/// int8 elements below zero are errors, as in the stock kernels; 0 gives the highest number.
Status rsqrt_of_bytes(Call& call) {
  const TensorType &in = *call.input(0).type, &out = *call.output(0).type;
  const FixedMultiplier factor =
      fixed_multiplier(1 / static_cast<double>(std::sqrt(in.scale()) * out.scale()));
  constexpr int shift = 20;  // keeps bits of the root while it is an integer
  for (int8_t x : call.input(0).span<const int8_t>())
    ENSURE(x >= in.zero_point(), "RSQRT needs numbers of 0 or more, got the stored number ", x,
           " below the zero point ", in.zero_point());
  map_elements<int8_t>(call, [&](int8_t x) -> int8_t {
    int32_t value = x - in.zero_point();
    if (value == 0) return 127;
    FixedMultiplier root = fixed_inverse_square_root(value);
    int32_t shifted = multiply(1, {root.mantissa, root.shift + shift});
    int32_t scaled =
        factor.shift - shift < -31 ? 0 : multiply(shifted, {factor.mantissa, factor.shift - shift});
    return static_cast<int8_t>(std::clamp<int64_t>(int64_t{scaled} + out.zero_point(), -128, 127));
  });
  return {};
}

Status reference(Call& call) {
  if (call.dtype(0) == DType::i8) return rsqrt_of_bytes(call);
  if (call.dtype(0) == DType::i16)
    map_by_table(call, root_or_highest);
  else
    map_floats(call, [](float x) { return 1.0f / std::sqrt(x); });
  return {};
}

}  // namespace

constinit const OpDef rsqrt = {
    .name = "RSQRT",
    .code = 76,
    .inputs = {{"x", rsqrt_types}},
    .outputs = {{"y", rsqrt_types}},
    .versions = {{1, "1.10.0"}, {2, "2.5.0", DType::i8}, {3, "2.15.0", DType::i16}},
    .infer = infer_rescaled,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::calibrated, .int16 = true},
    .doc = "1 / sqrt(x)"};

OpTable rsqrt_ops() { return op_table(rsqrt); }

}  // namespace wherry::op
