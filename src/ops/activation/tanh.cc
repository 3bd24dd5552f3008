// TANH: the hyperbolic tangent; on 8-bit elements a table, on int16 an interpolated table.
#include "ops/activation/tanh.h"

#include <cmath>

#include "ops/activation/sigmoid_table.h"
#include "ops/elementwise.h"
#include "ops/lookup_table.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet tanh_types = one_of(DType::f32, DType::f16, DType::bf16) | quantized_types;

Status infer_tanh(InferContext& context) {
  TRY(infer_rescaled(context));
  if (context.dtype(0) != DType::i16) return {};
  int exponent;
  ENSURE(exponent_of_two(context.declared(0).scale(), exponent) && exponent == -15,
         "TANH of i16 needs the output scale ", 1.0f / 32768, ", got ",
         context.declared(0).scale());
  return {};
}

/// tanh(x) = 2 * sigmoid(2x) - 1, from the table of the sigmoid function.
int16_t tanh_of_int16(const TableInput& input, int16_t x) {
  const auto& table = sigmoid_table();
  int32_t position = input.position(x);
  auto magnitude = static_cast<uint32_t>(std::abs(position));
  uint32_t index = magnitude >> 8;
  int32_t value = 0xffff << 8;
  if (index < 255) {
    int32_t here = table[index], next = table[index + 1];
    value = (here << 8) + static_cast<int32_t>(magnitude & 0xff) * (next - here);
  }
  constexpr int32_t one = 1 << 23, rounding = 1 << 7;
  value = position >= 0 ? value - one + rounding : -value + one + rounding - 1;
  return static_cast<int16_t>(value >> 8);
}

Status reference(Call& call) {
  bool is_float = for_type<float, half, bfloat16>(call.dtype(0), [&]<class T>() {
    map_elements<T>(call, [](T x) { return T(std::tanh(static_cast<float>(x))); });
  });
  if (is_float) return {};
  if (call.dtype(0) == DType::i16) {
    TableInput input = table_input(call.input(0).type->scale(), true);
    map_elements<int16_t>(call, [&](int16_t x) { return tanh_of_int16(input, x); });
    return {};
  }
  map_by_table(call, [](float x, const TensorType&) { return std::tanh(x); });
  return {};
}

}  // namespace

constinit const OpDef tanh = {
    .name = "TANH",
    .code = 28,
    .inputs = {{"x", tanh_types}},
    .outputs = {{"y", tanh_types}},
    .versions = {{1, "1.14.0"}, {2, "1.14.0", DType::i8}, {3, "2.3.0", DType::i16}},
    .infer = infer_tanh,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::fixed_output,
                     .fixed_i8 = {1.0f / 128, 0},
                     .fixed_i16 = {1.0f / 32768, 0},
                     .int16 = true},
    .doc = "the hyperbolic tangent of x"};

OpTable tanh_ops() { return op_table(tanh); }

}  // namespace wherry::op
