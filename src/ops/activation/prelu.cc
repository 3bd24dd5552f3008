// PRELU: x, or alpha * x below zero, with a tensor of slopes.
#include "ops/activation/prelu.h"

#include "ops/elementwise.h"
#include "ops/fixed_point.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet prelu_types = one_of(DType::f32, DType::f16) | quantized_types;

/// The slopes of int16 data are int8, as in 16x8 models.
Status infer_prelu(InferContext& context) {
  DType x = context.dtype(0), alpha = context.dtype(1);
  DType wanted = x == DType::i16 ? DType::i8 : x;
  ENSURE(alpha == wanted, "PRELU of ", x, " needs slopes of type ", wanted, ", got ", alpha);
  Shape joint = TRY(broadcast_shape(context.shape(0), context.shape(1)));
  ENSURE(joint == context.shape(0), "PRELU needs slopes that broadcast to the input ",
         context.shape(0), ", got ", context.shape(1));
  TRY(context.set_output(0, x, std::move(joint)));
  if (!quantized_types.contains(x)) return {};
  TRY(check_scales(context, 2));
  if (x == DType::i16) TRY(check_zero_points_are_zero(context, 1));
  return {};
}

template <class T, class Alpha>
void prelu_quantized(Call& call) {
  const TensorType &in = *call.input(0).type, &slopes = *call.input(1).type,
                   &out = *call.output(0).type;
  const FixedMultiplier above = fixed_multiplier(static_cast<double>(in.scale() / out.scale()));
  const FixedMultiplier below =
      fixed_multiplier(static_cast<double>(in.scale() * slopes.scale() / out.scale()));
  const IntegerRange range = full_range(out.dtype);
  map_pairs<T, T, Alpha>(call, [&](T element, Alpha alpha) {
    int32_t x = element - in.zero_point();
    int32_t scaled =
        x >= 0 ? multiply(x, above) : multiply(x * (alpha - slopes.zero_point()), below);
    return static_cast<T>(
        std::clamp<int64_t>(int64_t{scaled} + out.zero_point(), range.min, range.max));
  });
}

Status reference(Call& call) {
  switch (call.dtype(0)) {
    case DType::f32:
    case DType::f16:
      map_float_pairs(call, [](float x, float alpha) { return x >= 0 ? x : x * alpha; });
      break;
    case DType::i8:
      prelu_quantized<int8_t, int8_t>(call);
      break;
    case DType::u8:
      prelu_quantized<uint8_t, uint8_t>(call);
      break;
    default:
      prelu_quantized<int16_t, int8_t>(call);
  }
  return {};
}

}  // namespace

constinit const OpDef prelu = {.name = "PRELU",
                               .code = 54,
                               .inputs = {{"x", prelu_types}, {"alpha", prelu_types}},
                               .outputs = {{"y", prelu_types}},
                               .versions = {{1, "1.8.0"}},
                               .infer = infer_prelu,
                               .reference = reference,
                               .quantization = {.rule = QuantizationRule::calibrated},
                               .doc = "x above 0, alpha * x below; alpha broadcasts"};

OpTable prelu_ops() { return op_table(prelu); }

}  // namespace wherry::op
