// The five-input LSTM: one matrix for all gates, state in plain tensors.
#include "ops/recurrent/lstm_basic.h"

#include <algorithm>

#include "ops/fixed_point.h"
#include "ops/recurrent/fixed_gates.h"
#include "ops/recurrent/sequence.h"
#include "ops/requantization.h"

namespace wherry::recurrent {
namespace {

enum Input { data_input, previous_input, weights_input, bias_input, state_input };
enum Output { result_output, state_output, joined_output, sums_output };
/// In the order of the weights, other than in the full form.
enum GateBlock { input_block, cell_block, forget_block, output_block };

/// The scale of the state leaves 4 integer bits.
constexpr float state_scale = 0x1p-11f;

Status check_quantization(const InferContext& context) {
  TRY(check_one_scale("the weights of LSTM", context.input(weights_input)));
  TRY(check_one_scale("the bias of LSTM", context.input(bias_input)));
  const TensorType& state = context.declared(state_output);
  TRY(check_one_scale("the state of LSTM", state));
  ENSURE(std::abs(std::log2(state.scale() / state_scale)) < 1e-3f,
         "the state of a uint8 LSTM needs the scale ", state_scale, ", got ", state.scale());
  ENSURE(context.input(bias_input).scale() < 1e5f, "the bias of LSTM has the scale ",
         context.input(bias_input).scale(), ", which no kernel can represent");
  return {};
}

struct Sizes {
  int64_t batch, depth, units;
};
Sizes sizes_of(const Call& call) {
  const Shape &data = call.shape(data_input), &previous = call.shape(previous_input);
  return {data[0], data[1], previous[1]};
}

/// Fills the third output and returns its rows, data before previous output.
template <class T>
const T* join(Call& call, const Sizes& sizes) {
  const T *data = call.data<T>(data_input), *previous = call.data<T>(previous_input);
  T* joined = call.result<T>(joined_output);
  for (int64_t b = 0; b < sizes.batch; ++b) {
    T* row = joined + b * (sizes.depth + sizes.units);
    std::copy_n(data + b * sizes.depth, sizes.depth, row);
    std::copy_n(previous + b * sizes.units, sizes.units, row + sizes.depth);
  }
  return joined;
}

void run_float(Call& call) {
  Sizes sizes = sizes_of(call);
  int64_t columns = sizes.depth + sizes.units, rows = 4 * sizes.units;
  const float *joined = join<float>(call, sizes), *weights = call.data<float>(weights_input),
              *bias = call.data<float>(bias_input), *previous = call.data<float>(state_input);
  float *result = call.result<float>(result_output), *state = call.result<float>(state_output),
        *sums = call.result<float>(sums_output);
  for (int64_t i = 0; i < sizes.batch * rows; ++i) {
    const float *x = joined + i / rows * columns, *w = weights + i % rows * columns;
    float sum = 0;
    for (int64_t k = 0; k < columns; ++k) sum += x[k] * w[k];
    sums[i] = sum + bias[i % rows];
  }
  for (int64_t i = 0; i < sizes.batch * sizes.units; ++i) {
    const float* of_unit = sums + i / sizes.units * rows + i % sizes.units;
    auto sum = [&](GateBlock block) { return of_unit[block * sizes.units]; };
    state[i] = logistic(sum(input_block)) * std::tanh(sum(cell_block)) +
               logistic(sum(forget_block)) * previous[i];
    result[i] = logistic(sum(output_block)) * std::tanh(state[i]);
  }
}

/// x * factor as the matrix product of the stock runtime forms it: rounded twice, halves upwards
/// the second time, also of negative numbers.
int16_t scaled(int32_t x, FixedMultiplier factor) {
  int left = std::max(factor.shift, 0), right = std::max(-factor.shift, 0);
  int32_t shifted = static_cast<int32_t>(static_cast<uint32_t>(x) << left);
  int64_t product = rounding_doubling_high_multiply(shifted, factor.mantissa);
  if (right > 0) product = (product + (int64_t{1} << (right - 1))) >> right;
  return static_cast<int16_t>(std::clamp<int64_t>(product, INT16_MIN, INT16_MAX));
}

void run_uint8(Call& call) {
  Sizes sizes = sizes_of(call);
  int64_t columns = sizes.depth + sizes.units, rows = 4 * sizes.units;
  const uint8_t *joined = join<uint8_t>(call, sizes), *weights = call.data<uint8_t>(weights_input);
  const int32_t* bias = call.data<int32_t>(bias_input);
  const int16_t* previous = call.data<int16_t>(state_input);
  uint8_t* result = call.result<uint8_t>(result_output);
  int16_t *state = call.result<int16_t>(state_output), *sums = call.result<int16_t>(sums_output);
  int32_t weights_zero = call.input(weights_input).type->zero_point();
  FixedMultiplier factor =
      fixed_multiplier(4096.0 * static_cast<double>(call.input(bias_input).type->scale()));
  for (int64_t i = 0; i < sizes.batch * rows; ++i) {
    const uint8_t *x = joined + i / rows * columns, *w = weights + i % rows * columns;
    uint32_t sum = static_cast<uint32_t>(bias[i % rows]);
    for (int64_t k = 0; k < columns; ++k)
      sum += static_cast<uint32_t>((x[k] - 128) * (w[k] - weights_zero));
    sums[i] = scaled(static_cast<int32_t>(sum), factor);
  }
  for (int64_t i = 0; i < sizes.batch * sizes.units; ++i) {
    const int16_t* of_unit = sums + i / sizes.units * rows + i % sizes.units;
    auto sum = [&](GateBlock block) { return of_unit[block * sizes.units]; };
    auto times = [](int16_t a, int16_t b) { return rounding_doubling_high_multiply16(a, b); };
    int16_t added = times(fixed_logistic(sum(input_block)), fixed_tanh(sum(cell_block), 3));
    int16_t kept = times(fixed_logistic(sum(forget_block)), previous[i]);
    state[i] = saturated16(rounding_divide_by_power(added, 4) + kept);
    int16_t y =
        times(fixed_logistic(sum(output_block)), fixed_tanh(saturating_shift16(state[i], 1), 3));
    result[i] = static_cast<uint8_t>(128 + std::clamp(rounding_divide_by_power(y, 8), -128, 127));
  }
}

/// State kept in variables goes on by itself; otherwise the caller carries it from step to step.
void keep(Call& call, Input input, Output output) {
  ValueId id = call.node().inputs[input];
  const std::vector<ValueId>& fed = call.graph().inputs;
  const Value& value = call.graph().value(id);
  bool is_fed = std::find(fed.begin(), fed.end(), id) != fed.end();
  if (value.is_variable && !value.constant && !is_fed)
    std::copy_n(call.output(output).data, call.output(output).bytes, call.input(input).data);
}

}  // namespace

Status infer_basic_lstm(InferContext& context) {
  ENSURE(context.input_count() == 5 && context.output_count() == 4,
         "LSTM of the basic kind needs 5 inputs and 4 outputs, got ", context.input_count(),
         " and ", context.output_count());
  for (int i = 0; i < 5; ++i)
    ENSURE(context.has_input(i), "LSTM of the basic kind needs input ", i);
  DType type = context.dtype(data_input);
  ENSURE_CODE(ErrorCode::unsupported, type == DType::f32 || type == DType::u8,
              "LSTM of the basic kind does not support data of type ", type);
  bool real = type == DType::f32;
  DType sum_type = real ? DType::f32 : DType::i16, bias_type = real ? DType::f32 : DType::i32;
  const Shape &data = context.shape(data_input), &previous = context.shape(previous_input);
  ENSURE(data.rank() == 2 && previous.rank() == 2,
         "LSTM needs data and previous output of two axes, got ", data, " and ", previous);
  int64_t batch = data[0], units = previous[1];
  int64_t columns = TRY(checked_add(data[1], units)), rows = TRY(checked_multiply(4, units));
  TRY(check_operand(context, previous_input, type, {batch, units}, "the previous output"));
  TRY(check_operand(context, weights_input, type, {rows, columns}, "weights"));
  TRY(check_operand(context, bias_input, bias_type, {rows}, "a bias"));
  TRY(check_operand(context, state_input, sum_type, {batch, units}, "the previous state"));
  if (!real) TRY(check_quantization(context));
  TRY(context.set_output(result_output, type, {batch, units}));
  TRY(context.set_output(state_output, sum_type, {batch, units}));
  TRY(context.set_output(joined_output, type, {batch, columns}));
  return context.set_output(sums_output, sum_type, {batch, rows});
}

Status run_basic_lstm(Call& call) {
  if (call.dtype(data_input) == DType::f32)
    run_float(call);
  else
    run_uint8(call);
  keep(call, previous_input, result_output);
  keep(call, state_input, state_output);
  return {};
}

}  // namespace wherry::recurrent
