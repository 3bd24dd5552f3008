// SOFTMAX: exponentials over the last axis, normalised to sum 1.
#include "ops/normalization/softmax.h"

#include <bit>

#include "ops/context.h"
#include "ops/fixed_point_functions.h"
#include "ops/normalization/int16_table.h"
#include "ops/normalization/softmax_differences.h"
#include "ops/registry.h"
#include "ops/requantization.h"

namespace wherry::op {
namespace {

constexpr Field softmax_fields[] = {field<&Softmax::beta>("beta", 0)};

struct Output {
  float scale;
  int32_t zero_point;
};

/// The only scale and zero point that the kernels write.
Output output_of(DType x, DType y) {
  if (y == DType::i8) return {1.0f / 256, -128};
  if (y == DType::u8) return {1.0f / 256, 0};
  if (x == DType::i16) return {1.0f / 32768, 0};
  return {1.0f / 65536, -32768};
}

Status check_quantization(const InferContext& context) {
  const TensorType &x = context.input(0), &y = context.declared(0);
  if (x.dtype == DType::f32 || x.dtype == DType::f16) return {};
  TRY(check_one_scale("the input of SOFTMAX", x));
  TRY(check_one_scale("the output of SOFTMAX", y));
  if (x.dtype == DType::i16) TRY(check_symmetric("the input of SOFTMAX", x));
  Output needed = output_of(x.dtype, y.dtype);
  ENSURE(std::abs(y.scale() - needed.scale) <= needed.scale * 0.001f &&
             y.zero_point() == needed.zero_point,
         "SOFTMAX from ", x.dtype, " to ", y.dtype, " gives the scale ", needed.scale,
         " and zero point ", needed.zero_point, ", the model declares ", text_of(y));
  float beta = context.attributes<Softmax>().beta;
  ENSURE(std::isfinite(beta) && beta >= 0, "SOFTMAX on ", x.dtype,
         " needs a factor beta of 0 or more, got ", beta);
  return {};
}

Status infer_softmax(InferContext& context) {
  DType x = context.dtype(0), y = context.declared(0).dtype;
  ENSURE(context.shape(0).rank() >= 1, "SOFTMAX needs an input of rank 1 or more, got a scalar");
  bool widens = (x == DType::i8 || x == DType::u8) && y == DType::i16;
  ENSURE(x == y || widens, "SOFTMAX of ", x, " does not give ", y);
  TRY(check_quantization(context));
  return context.set_output(0, y, context.shape(0));
}

struct Rows {
  int64_t count, depth;
};
Rows rows_of(const Shape& shape) { return {shape.product(0, shape.rank() - 1), shape.back()}; }

template <class T>
void softmax_of_floats(Call& call) {
  Rows rows = rows_of(call.shape(0));
  float beta = call.attributes<Softmax>().beta;
  const T* x = call.data<T>(0);
  T* y = call.result<T>(0);
  std::vector<float> exponentials(static_cast<size_t>(rows.depth));
  for (int64_t row = 0; row < rows.count && rows.depth; ++row) {
    float max = std::numeric_limits<float>::lowest(), sum = 0;
    for (int64_t i = 0; i < rows.depth; ++i) max = std::max(max, static_cast<float>(x[i]));
    for (size_t i = 0; i < exponentials.size(); ++i) {
      exponentials[i] = std::exp((static_cast<float>(x[i]) - max) * beta);
      sum += exponentials[i];
    }
    for (size_t i = 0; i < exponentials.size(); ++i) y[i] = static_cast<T>(exponentials[i] / sum);
    x += rows.depth;
    y += rows.depth;
  }
}

/// The exponentials of one row of 8-bit elements, those too small to count as -1; their sum with 19
/// fraction bits.
template <class X>
uint64_t exponentials_of(const X* x, const ScaledDifferences& scaled,
                         std::vector<Fixed<0>>& exponentials) {
  X max = *std::max_element(x, x + exponentials.size());
  uint64_t sum = 0;
  for (size_t i = 0; i < exponentials.size(); ++i) {
    int32_t difference = x[i] - max;
    exponentials[i] = {-1};
    if (difference < scaled.lowest) continue;
    exponentials[i] = fixed_exp(scaled(difference));
    sum += static_cast<uint64_t>(exponentials[i].rescaled<12>().raw);
  }
  return sum;
}

template <class X, class Y>
void softmax_of_8_bits(Call& call) {
  Rows rows = rows_of(call.shape(0));
  ScaledDifferences scaled(call.attributes<Softmax>().beta, call.input(0).type->scale());
  const X* x = call.data<X>(0);
  Y* y = call.result<Y>(0);
  constexpr int32_t lowest = std::numeric_limits<Y>::min(), highest = std::numeric_limits<Y>::max();
  std::vector<Fixed<0>> exponentials(static_cast<size_t>(rows.depth));
  for (int64_t row = 0; row < rows.count && rows.depth; ++row) {
    FixedReciprocal reciprocal = fixed_reciprocal(exponentials_of(x, scaled, exponentials));
    int shift = reciprocal.bits_over_unit + 31 - 8 * static_cast<int>(sizeof(Y));
    for (size_t i = 0; i < exponentials.size(); ++i) {
      int32_t value = lowest;
      if (exponentials[i].raw >= 0 && shift <= 31)
        value += rounding_divide_by_power((reciprocal.scale * exponentials[i]).raw, shift);
      y[i] = static_cast<Y>(std::clamp(value, lowest, highest));
    }
    x += rows.depth;
    y += rows.depth;
  }
}

/// Tables for exp on [-10, 0] and 1 / (1 + x) on [0, 1], both with values of scale 1/32768.
struct Int16Tables {
  Int16Table exp{[](double x) { return std::exp(x); }, 10.0 / 65535, 32767, 2.0 / 65535};
  Int16Table reciprocal{[](double x) { return 1.0 / (1.0 + x); }, 1.0 / 65535, -32768, 2.0 / 65535};
};

int16_t saturated(int64_t value) {
  return static_cast<int16_t>(std::clamp<int64_t>(value, -32768, 32767));
}

void softmax_of_16_bits(const int16_t* x, int16_t* y, int64_t depth, FixedMultiplier factor,
                        const Int16Tables& tables) {
  int16_t max = *std::max_element(x, x + depth);
  int64_t sum = 0;  // 15 fraction bits
  for (int64_t i = 0; i < depth; ++i) {
    int64_t scaled = multiply(int32_t{x[i]} - max, factor);  // -65535 is -10
    y[i] = tables.exp(saturated(scaled + 32767));
    sum += y[i];
  }
  // 1 / sum from the table for 1 / (1 + x): sum = (1 + x) * 2^n.
  uint32_t bits = static_cast<uint32_t>(std::min<int64_t>(sum, 2147483647));
  int headroom = std::countl_zero(bits);
  int64_t one_plus_x = ((int64_t{bits} << (headroom - 1)) + (1 << 13)) >> 14;
  int16_t inverse = tables.reciprocal(saturated(one_plus_x - (1 << 16) - (1 << 15)));
  int shift = 31 - headroom;
  int64_t half = shift > 0 ? int64_t{1} << (shift - 1) : 0;
  for (int64_t i = 0; i < depth; ++i)
    y[i] = static_cast<int16_t>(
        std::clamp<int64_t>((int64_t{y[i]} * inverse + half) >> shift, 0, 32767));
}

void softmax_of_16_bits(Call& call) {
  Rows rows = rows_of(call.shape(0));
  double rescale =
      static_cast<double>(call.input(0).type->scale() * call.attributes<Softmax>().beta) /
      (10.0 / 65535.0);
  FixedMultiplier factor = fixed_multiplier(rescale);
  Int16Tables tables;
  for (int64_t row = 0; row < rows.count && rows.depth; ++row)
    softmax_of_16_bits(call.data<int16_t>(0) + row * rows.depth,
                       call.result<int16_t>(0) + row * rows.depth, rows.depth, factor, tables);
}

Status reference(Call& call) {
  DType x = call.dtype(0), y = call.output(0).dtype();
  if (x == DType::f32)
    softmax_of_floats<float>(call);
  else if (x == DType::f16)
    softmax_of_floats<half>(call);
  else if (x == DType::i16)
    softmax_of_16_bits(call);
  else if (x == DType::i8)
    y == DType::i8 ? softmax_of_8_bits<int8_t, int8_t>(call)
                   : softmax_of_8_bits<int8_t, int16_t>(call);
  else
    y == DType::u8 ? softmax_of_8_bits<uint8_t, uint8_t>(call)
                   : softmax_of_8_bits<uint8_t, int16_t>(call);
  return {};
}

constexpr TypeSet softmax_types = one_of(DType::f32, DType::f16) | quantized_types;

}  // namespace

constinit const AttributesType softmax_attributes = attributes_type<Softmax>(softmax_fields, 9);

constinit const OpDef softmax = {.name = "SOFTMAX",
                                 .code = 25,
                                 .attributes = &softmax_attributes,
                                 .inputs = {{"x", softmax_types}},
                                 .outputs = {{"y", softmax_types}},
                                 .versions = {{1, "1.5.0"},
                                              {2, "1.14.0", DType::i8},
                                              {3, "2.3.0", DType::i16},
                                              {4, "2.23.0", DType::f16}},
                                 .infer = infer_softmax,
                                 .reference = reference,
                                 .quantization = {.rule = QuantizationRule::fixed_output,
                                                  .fixed_i8 = {1.0f / 256, -128},
                                                  .fixed_i16 = {1.0f / 32768, 0},
                                                  .int16 = true},
                                 .doc = "exp(beta * x) divided by its sum over the last axis"};

OpTable softmax_ops() { return op_table(softmax); }

}  // namespace wherry::op
