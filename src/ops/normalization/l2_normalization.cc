// L2_NORMALIZATION: vectors along the last axis brought to length 1.
#include "ops/normalization/l2_normalization.h"

#include "ops/context.h"
#include "ops/fixed_point_functions.h"
#include "ops/registry.h"
#include "ops/requantization.h"

namespace wherry::op {
namespace {

constexpr Field l2_normalization_fields[] = {
    field<&L2Normalization::fused_activation_function>("fused_activation_function", 0)};

Status infer_l2_normalization(InferContext& context) {
  const TensorType &x = context.input(0), &y = context.declared(0);
  Activation activation = context.attributes<L2Normalization>().fused_activation_function;
  ENSURE_CODE(ErrorCode::unsupported, activation == Activation::none,
              "L2_NORMALIZATION does not support a fused activation");
  ENSURE(x.shape.rank() >= 1 && x.shape.rank() <= 4,
         "L2_NORMALIZATION needs an input of rank 1 to 4, got the shape ", x.shape);
  if (x.dtype != DType::f32) {
    TRY(check_one_scale("the input of L2_NORMALIZATION", x));
    TRY(check_one_scale("the output of L2_NORMALIZATION", y));
    int32_t zero_point = x.dtype == DType::i8 ? 0 : 128;
    ENSURE(y.scale() == 1.0f / 128 && y.zero_point() == zero_point, "L2_NORMALIZATION of ", x.dtype,
           " gives the scale ", 1.0f / 128, " and zero point ", zero_point, ", the model declares ",
           text_of(y));
  }
  return context.set_output(0, x.dtype, x.shape);
}

void normalize(const float* x, float* y, int64_t depth) {
  float squares = 0;
  for (int64_t i = 0; i < depth; ++i) squares += x[i] * x[i];
  constexpr float epsilon = 1e-6f;
  float length = std::max(std::sqrt(squares), epsilon);
  for (int64_t i = 0; i < depth; ++i) y[i] = x[i] / length;
}

template <class T>
void normalize(const T* x, T* y, int64_t depth, int32_t zero_point) {
  uint32_t squares = 0;  // wraps for vectors beyond 30000 elements, like the stock kernel's sum
  for (int64_t i = 0; i < depth; ++i) {
    int32_t difference = x[i] - zero_point;
    squares += static_cast<uint32_t>(difference * difference);
  }
  FixedMultiplier inverse = fixed_inverse_square_root(static_cast<int32_t>(squares));
  // Both bring the result to the scale 1/128, but the stock kernels round at different places.
  constexpr bool is_signed = std::is_signed_v<T>;
  constexpr int32_t middle = is_signed ? 0 : 128;
  if (is_signed) inverse.shift += 7;
  for (int64_t i = 0; i < depth; ++i) {
    int32_t difference = x[i] - zero_point;
    int32_t scaled = multiply(is_signed ? difference : 128 * difference, inverse);
    y[i] = static_cast<T>(std::clamp<int64_t>(
        int64_t{scaled} + middle, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
  }
}

Status reference(Call& call) {
  const Shape& shape = call.shape(0);
  if (shape.elements() == 0) return {};
  int64_t depth = shape.back(), rows = shape.elements() / depth;
  int32_t zero_point = call.input(0).type->zero_point();
  for (int64_t first = 0; first < rows * depth; first += depth) {
    if (call.dtype(0) == DType::f32)
      normalize(call.data<float>(0) + first, call.result<float>(0) + first, depth);
    else if (call.dtype(0) == DType::i8)
      normalize(call.data<int8_t>(0) + first, call.result<int8_t>(0) + first, depth, zero_point);
    else
      normalize(call.data<uint8_t>(0) + first, call.result<uint8_t>(0) + first, depth, zero_point);
  }
  return {};
}

constexpr TypeSet normalized_types = one_of(DType::f32, DType::i8, DType::u8);

}  // namespace

constinit const AttributesType l2_normalization_attributes =
    attributes_type<L2Normalization>(l2_normalization_fields, 12);

constinit const OpDef l2_normalization = {
    .name = "L2_NORMALIZATION",
    .code = 11,
    .attributes = &l2_normalization_attributes,
    .inputs = {{"x", normalized_types}},
    .outputs = {{"y", normalized_types}},
    .versions = {{1, "1.5.0"}, {2, "1.14.0", DType::i8}},
    .infer = infer_l2_normalization,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::fixed_output, .fixed_i8 = {1.0f / 128, 0}},
    .doc = "each vector along the last axis divided by its length"};

OpTable l2_normalization_ops() { return op_table(l2_normalization); }

}  // namespace wherry::op
