// LOG_SOFTMAX: logarithms of softmax over the last axis.
#include "ops/normalization/log_softmax.h"

#include <array>

#include "ops/context.h"
#include "ops/fixed_point.h"
#include "ops/registry.h"
#include "ops/requantization.h"

namespace wherry::op {
namespace {

constexpr float output_scale = 16.0f / 256;

Status infer_log_softmax(InferContext& context) {
  const TensorType &x = context.input(0), &y = context.declared(0);
  ENSURE(x.shape.rank() >= 1, "LOG_SOFTMAX needs an input of rank 1 or more, got a scalar");
  if (x.dtype != DType::f32) {
    TRY(check_one_scale("the input of LOG_SOFTMAX", x));
    TRY(check_one_scale("the output of LOG_SOFTMAX", y));
    int32_t zero_point = x.dtype == DType::i8 ? 127 : 255;
    ENSURE(
        std::abs(y.scale() - output_scale) <= output_scale * 0.001f && y.zero_point() == zero_point,
        "LOG_SOFTMAX of ", x.dtype, " gives the scale ", output_scale, " and zero point ",
        zero_point, ", the model declares ", text_of(y));
  }
  return context.set_output(0, x.dtype, x.shape);
}

void log_softmax_of_floats(const float* x, float* y, int64_t depth) {
  float max = std::numeric_limits<float>::lowest(), sum = 0;
  for (int64_t i = 0; i < depth; ++i) max = std::max(max, x[i]);
  for (int64_t i = 0; i < depth; ++i) sum += std::exp(x[i] - max);
  float log_sum = std::log(sum);
  for (int64_t i = 0; i < depth; ++i) y[i] = x[i] - max - log_sum;
}

/// The nearest quantised value of the true result.
template <class T>
void log_softmax_of_8_bits(const T* x, T* y, int64_t depth, double scale,
                           const std::array<double, 256>& exponentials) {
  T max = *std::max_element(x, x + depth);
  double sum = 0;
  for (int64_t i = 0; i < depth; ++i) sum += exponentials[static_cast<size_t>(max - x[i])];
  double log_sum = std::log(sum);
  for (int64_t i = 0; i < depth; ++i) {
    double real = -scale * (max - x[i]) - log_sum;
    double stored =
        std::numeric_limits<T>::max() + std::round(real / static_cast<double>(output_scale));
    y[i] = round_to<T>(stored);
  }
}

template <class T>
void log_softmax_of_8_bits(Call& call, int64_t rows, int64_t depth) {
  double scale = static_cast<double>(call.input(0).type->scale());
  std::array<double, 256> exponentials;
  for (size_t i = 0; i < 256; ++i) exponentials[i] = std::exp(-scale * static_cast<double>(i));
  for (int64_t row = 0; row < rows; ++row)
    log_softmax_of_8_bits(call.data<T>(0) + row * depth, call.result<T>(0) + row * depth, depth,
                          scale, exponentials);
}

Status reference(Call& call) {
  const Shape& shape = call.shape(0);
  if (shape.elements() == 0) return {};
  int64_t depth = shape.back(), rows = shape.elements() / depth;
  if (call.dtype(0) == DType::i8) {
    log_softmax_of_8_bits<int8_t>(call, rows, depth);
  } else if (call.dtype(0) == DType::u8) {
    log_softmax_of_8_bits<uint8_t>(call, rows, depth);
  } else {
    for (int64_t row = 0; row < rows; ++row)
      log_softmax_of_floats(call.data<float>(0) + row * depth, call.result<float>(0) + row * depth,
                            depth);
  }
  return {};
}

constexpr TypeSet log_softmax_types = one_of(DType::f32, DType::i8, DType::u8);

}  // namespace

constinit const AttributesType log_softmax_attributes = attributes_type<LogSoftmax>({}, 36);

constinit const OpDef log_softmax = {
    .name = "LOG_SOFTMAX",
    .code = 50,
    .attributes = &log_softmax_attributes,
    .inputs = {{"x", log_softmax_types}},
    .outputs = {{"y", log_softmax_types}},
    .versions = {{1, "1.14.0"}, {2, "1.14.0", DType::i8}},
    .infer = infer_log_softmax,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::fixed_output, .fixed_i8 = {output_scale, 127}},
    .doc = "x minus the logarithm of the sum of exp(x) over the last axis"};

OpTable log_softmax_ops() { return op_table(log_softmax); }

}  // namespace wherry::op
