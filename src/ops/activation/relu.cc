// RELU, RELU6, RELU_N1_TO_1 and RELU_0_TO_1: clamps, on quantised types with a change of scale.
#include "ops/activation/relu.h"

#include "ops/elementwise.h"
#include "ops/fixed_point.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

/// The integer range is the image of the bounds in the output's scale; see
/// quantized_activation_range.
template <class T>
void clamp_quantized(Call& call, FloatRange bounds) {
  const TensorType &in = *call.input(0).type, &out = *call.output(0).type;
  const FixedMultiplier factor = fixed_multiplier(static_cast<double>(in.scale() / out.scale()));
  IntegerRange range = full_range(out.dtype);
  auto image = [&](float bound) {
    int64_t steps = round_to<int32_t>(std::round(bound / out.scale()));
    return static_cast<int32_t>(
        std::clamp<int64_t>(steps + out.zero_point(), range.min, range.max));
  };
  const IntegerRange kept{image(bounds.min), image(bounds.max)};
  map_elements<T>(call, [&](T x) {
    int64_t y = int64_t{multiply(x - in.zero_point(), factor)} + out.zero_point();
    return static_cast<T>(std::clamp<int64_t>(y, kept.min, kept.max));
  });
}

template <int low, int high>
Status reference(Call& call) {
  FloatRange bounds{
      .min = low,
      .max = high == 0 ? std::numeric_limits<float>::infinity() : static_cast<float>(high)};
  if (map_floats(call, [&](float x) { return bounds.clamp(x); })) return {};
  for_type<int8_t, uint8_t, int16_t>(call.dtype(0),
                                     [&]<class T>() { clamp_quantized<T>(call, bounds); });
  return {};
}

constexpr TypeSet relu_types = one_of(DType::f32, DType::f16) | quantized_types;
constexpr QuantizationFacts relu_quantization = {.rule = QuantizationRule::calibrated,
                                                 .int16 = true};

}  // namespace

constinit const OpDef relu_family[4] = {
    {.name = "RELU",
     .code = 19,
     .inputs = {{"x", relu_types}},
     .outputs = {{"y", relu_types}},
     .versions = {{1, "1.5.0"},
                  {2, "2.1.0", one_of(DType::i8, DType::u8)},
                  {3, "2.5.0", DType::i16}},
     .infer = infer_rescaled,
     .reference = reference<0, 0>,
     .quantization = relu_quantization,
     .doc = "max(x, 0)"},
    {.name = "RELU6",
     .code = 21,
     .inputs = {{"x", relu_types}},
     .outputs = {{"y", relu_types}},
     .versions = {{1, "1.5.0"}, {2, "1.14.0", DType::i8}, {3, "2.5.0", DType::i16}},
     .infer = infer_rescaled,
     .reference = reference<0, 6>,
     .quantization = relu_quantization,
     .doc = "min(max(x, 0), 6)"},
    {.name = "RELU_N1_TO_1",
     .code = 20,
     .inputs = {{"x", relu_types}},
     .outputs = {{"y", relu_types}},
     .versions = {{1, "1.5.0"}},
     .infer = infer_rescaled,
     .reference = reference<-1, 1>,
     .quantization = {.rule = QuantizationRule::calibrated},
     .doc = "min(max(x, -1), 1)"},
    {.name = "RELU_0_TO_1",
     .code = 152,
     .inputs = {{"x", relu_types}},
     .outputs = {{"y", relu_types}},
     .versions = {{1, "2.10.0"}},
     .infer = infer_rescaled,
     .reference = reference<0, 1>,
     .quantization = {.rule = QuantizationRule::calibrated},
     .doc = "min(max(x, 0), 1)"},
};

OpTable relu_ops() { return op_table(relu_family); }

}  // namespace wherry::op
