// HARD_SWISH: x * relu6(x + 3) / 6; on 8-bit elements in 16-bit fixed point.
#include "ops/activation/hard_swish.h"

#include "ops/elementwise.h"
#include "ops/fixed_point.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet hard_swish_types = one_of(DType::f32, DType::f16, DType::i8, DType::u8);

/// A real factor as a 15-bit mantissa and a power of two.
struct ShortMultiplier {
  int16_t mantissa;
  int shift;
  explicit ShortMultiplier(float factor) {
    FixedMultiplier fixed = fixed_multiplier(static_cast<double>(factor));
    shift = fixed.shift;
    mantissa =
        static_cast<int16_t>(std::min((int64_t{fixed.mantissa} + (1 << 15)) >> 16, int64_t{32767}));
  }
};

/// The input is held at 1/128 of its scale; 3.0 is held as 32768 for the relu-like factor.
struct HardSwishMultipliers {
  ShortMultiplier output, factor;
  HardSwishMultipliers(float x_scale, float y_scale)
      : output(1.0f / 128.0f * x_scale / y_scale),
        factor(1.0f / 128.0f * x_scale / (3.0f / 32768.0f)) {}
};

Status infer_hard_swish(InferContext& context) {
  TRY(infer_rescaled(context));
  if (!quantized_types.contains(context.dtype(0))) return {};
  float x_scale = context.input(0).scale(), y_scale = context.declared(0).scale();
  ENSURE(HardSwishMultipliers(x_scale, y_scale).output.shift <= 0,
         "HARD_SWISH needs an output scale above 1/128 of the input scale ", x_scale, ", got ",
         y_scale);
  return {};
}

int16_t saturate(int32_t value) { return static_cast<int16_t>(std::clamp(value, -32768, 32767)); }

int16_t shift_left(int16_t value, int amount) {
  return saturate(static_cast<int32_t>(
      std::clamp<int64_t>(int64_t{value} * (int64_t{1} << amount), -32768, 32767)));
}

int16_t rounded_product(int16_t a, int16_t b) {
  int32_t product = a * b;
  return saturate((product + (product >= 0 ? 1 << 14 : 1 - (1 << 14))) / (1 << 15));
}

/// relu6(x + 3) / 6 in [0, 1], as 16-bit fixed point.
int16_t relu_factor(int16_t x, const ShortMultiplier& multiplier) {
  int16_t value = x;
  if (multiplier.shift > 0) value = shift_left(value, multiplier.shift - 1);
  value = rounded_product(value, multiplier.mantissa);
  if (multiplier.shift > 0) value = shift_left(value, 1);
  if (multiplier.shift < 0)
    value = static_cast<int16_t>(rounding_divide_by_power(value, -multiplier.shift));
  return static_cast<int16_t>((value + 32768) >> 1);
}

template <class T>
void hard_swish_of_bytes(Call& call) {
  const TensorType &in = *call.input(0).type, &out = *call.output(0).type;
  const HardSwishMultipliers multipliers(in.scale(), out.scale());
  const IntegerRange range = full_range(out.dtype);
  map_elements<T>(call, [&](T element) {
    auto x = static_cast<int16_t>((element - in.zero_point()) * 128);
    int16_t scaled = rounded_product(x, multipliers.output.mantissa);
    int16_t factor = relu_factor(x, multipliers.factor);
    int32_t y = rounding_divide_by_power(factor * scaled / (1 << 15), -multipliers.output.shift);
    return static_cast<T>(std::clamp(y + out.zero_point(), range.min, range.max));
  });
}

Status reference(Call& call) {
  map_floats(call, [](float x) { return x * std::min(6.0f, std::max(0.0f, x + 3)) / 6; });
  for_type<int8_t, uint8_t>(call.dtype(0), [&]<class T>() { hard_swish_of_bytes<T>(call); });
  return {};
}

}  // namespace

constinit const OpDef hard_swish = {.name = "HARD_SWISH",
                                    .code = 117,
                                    .inputs = {{"x", hard_swish_types}},
                                    .outputs = {{"y", hard_swish_types}},
                                    .versions = {{1, "1.15.0"}},
                                    .infer = infer_hard_swish,
                                    .reference = reference,
                                    .quantization = {.rule = QuantizationRule::calibrated},
                                    .doc = "x * relu6(x + 3) / 6"};

OpTable hard_swish_ops() { return op_table(hard_swish); }

}  // namespace wherry::op
