// RELU, RELU6, RELU_N1_TO_1 and RELU_0_TO_1: clamps, on quantised types with a change of scale.
#include "ops/activation/relu.h"

#include "ops/context.h"
#include "ops/fixed_point.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

Status infer_relu(InferContext& context) {
  return context.set_output(0, context.dtype(0), context.shape(0));
}

void clamp_floats(Call& call, FloatRange bounds) {
  const float* x = call.data<float>(0);
  float* y = call.result<float>(0);
  for (int64_t i = 0; i < call.output(0).elements(); ++i)
    y[i] = x[i] < bounds.min ? bounds.min : x[i] > bounds.max ? bounds.max : x[i];
}

/// The integer range is the image of the bounds in the output's scale; see
/// quantized_activation_range.
template <class T>
void clamp_quantized(Call& call, FloatRange bounds) {
  const TensorType &in = *call.input(0).type, &out = *call.output(0).type;
  FixedMultiplier factor = fixed_multiplier(static_cast<double>(in.scale()) / out.scale());
  IntegerRange range = full_range(out.dtype);
  auto image = [&](float bound) {
    return out.zero_point() + static_cast<int32_t>(std::round(bound / out.scale()));
  };
  range.min = std::max(range.min, image(bounds.min));
  if (std::isfinite(bounds.max)) range.max = std::min(range.max, image(bounds.max));
  const T* x = call.data<T>(0);
  T* y = call.result<T>(0);
  for (int64_t i = 0; i < call.output(0).elements(); ++i) {
    int32_t value =
        out.zero_point() + multiply(static_cast<int32_t>(x[i]) - in.zero_point(), factor);
    y[i] = static_cast<T>(std::clamp(value, range.min, range.max));
  }
}

template <int low, int high>
Status reference(Call& call) {
  FloatRange bounds{
      .min = low,
      .max = high == 0 ? std::numeric_limits<float>::infinity() : static_cast<float>(high)};
  if (call.dtype(0) == DType::f32) {
    clamp_floats(call, bounds);
    return {};
  }
  for_type<int8_t, uint8_t, int16_t>(call.dtype(0),
                                     [&]<class T>() { clamp_quantized<T>(call, bounds); });
  return {};
}

constexpr TypeSet relu_types = one_of(DType::f32) | quantized_types;
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
     .infer = infer_relu,
     .reference = reference<0, 0>,
     .quantization = relu_quantization,
     .doc = "max(x, 0)"},
    {.name = "RELU6",
     .code = 21,
     .inputs = {{"x", relu_types}},
     .outputs = {{"y", relu_types}},
     .versions = {{1, "1.5.0"},
                  {2, "2.1.0", one_of(DType::i8, DType::u8)},
                  {3, "2.5.0", DType::i16}},
     .infer = infer_relu,
     .reference = reference<0, 6>,
     .quantization = relu_quantization,
     .doc = "min(max(x, 0), 6)"},
    {.name = "RELU_N1_TO_1",
     .code = 20,
     .inputs = {{"x", relu_types}},
     .outputs = {{"y", relu_types}},
     .versions = {{1, "1.5.0"}},
     .infer = infer_relu,
     .reference = reference<-1, 1>,
     .quantization = {.rule = QuantizationRule::calibrated},
     .doc = "min(max(x, -1), 1)"},
    {.name = "RELU_0_TO_1",
     .code = 152,
     .inputs = {{"x", relu_types}},
     .outputs = {{"y", relu_types}},
     .versions = {{1, "2.10.0"}},
     .infer = infer_relu,
     .reference = reference<0, 1>,
     .quantization = {.rule = QuantizationRule::calibrated},
     .doc = "min(max(x, 0), 1)"},
};

OpTable relu_ops() { return op_table(relu_family); }

}  // namespace wherry::op
