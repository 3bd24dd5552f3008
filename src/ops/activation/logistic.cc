// LOGISTIC: the sigmoid function; on 8-bit elements a table, on int16 an interpolated table.
#include "ops/activation/logistic.h"

#include <cmath>

#include "ops/activation/sigmoid_table.h"
#include "ops/elementwise.h"
#include "ops/lookup_table.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet logistic_types = one_of(DType::f32, DType::f16, DType::bf16) | quantized_types;

Status infer_logistic(InferContext& context) {
  TRY(infer_rescaled(context));
  if (context.dtype(0) != DType::i16) return {};
  constexpr float scale = 1.0f / 32768;
  ENSURE(context.declared(0).scale() == scale, "LOGISTIC of i16 needs the output scale ", scale,
         ", got ", context.declared(0).scale());
  return {};
}

/// Without overflow on either side.
float sigmoid(float x) {
  if (x >= 0) return 1 / (1 + std::exp(-x));
  float power = std::exp(x);
  return power / (1 + power);
}

int16_t sigmoid_of_int16(const TableInput& input, int16_t x) {
  const auto& table = sigmoid_table();
  int32_t position = input.position(x);
  auto magnitude = static_cast<uint32_t>(std::abs(position));
  uint32_t index = magnitude >> 9, value = 0x7fffu << 10;
  if (index < 255) {
    uint32_t here = table[index], next = table[index + 1];
    value = (here << 9) + (magnitude & 0x1ff) * (next - here);
  }
  value = position >= 0 ? value + (1u << 9) : (1u << 25) - value + (1u << 9) - 1;
  return static_cast<int16_t>(value >> 10);
}

Status reference(Call& call) {
  bool is_float = for_type<float, half, bfloat16>(
      call.dtype(0), [&]<class T>() { map_elements<T>(call, [](T x) { return T(sigmoid(x)); }); });
  if (is_float) return {};
  if (call.dtype(0) == DType::i16) {
    TableInput input = table_input(call.input(0).type->scale(), false);
    map_elements<int16_t>(call, [&](int16_t x) { return sigmoid_of_int16(input, x); });
    return {};
  }
  map_by_table(call, [](float x, const TensorType&) { return 1.0f / (1.0f + std::exp(-x)); });
  return {};
}

}  // namespace

constinit const OpDef logistic = {
    .name = "LOGISTIC",
    .code = 14,
    .inputs = {{"x", logistic_types}},
    .outputs = {{"y", logistic_types}},
    .versions = {{1, "1.14.0"}, {2, "1.14.0", DType::i8}, {3, "2.3.0", DType::i16}},
    .infer = infer_logistic,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::fixed_output,
                     .fixed_i8 = {1.0f / 256, -128},
                     .fixed_i16 = {1.0f / 32768, 0},
                     .int16 = true},
    .doc = "1 / (1 + exp(-x))"};

OpTable logistic_ops() { return op_table(logistic); }

}  // namespace wherry::op
