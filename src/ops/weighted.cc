// Checks of operators with weights and bias.
#include "ops/weighted.h"

namespace wherry {
namespace {

constexpr TypeSet narrow_weights = one_of(DType::i8, DType::i4, DType::i2);

TypeSet weights_for(DType data) {
  if (data == DType::f16) return DType::f16;
  if (data == DType::f32) return narrow_weights | one_of(DType::f32, DType::u8);
  if (data == DType::i16) return narrow_weights | TypeSet(DType::i16);
  return data == DType::u8 ? TypeSet(DType::u8) : narrow_weights;
}

TypeSet biases_for(DType data) {
  if (data == DType::f32) return DType::f32;
  if (data == DType::f16) return one_of(DType::f16, DType::f32);
  return data == DType::i16 ? one_of(DType::i32, DType::i64) : TypeSet(DType::i32);
}

Status check_bias(const InferContext& context, const WeightedRoles& roles,
                  const WeightedOptions& options) {
  if (!context.has_input(roles.bias)) return {};
  const TensorType& bias = context.input(roles.bias);
  std::string_view name = context.op().name;
  DType data = context.dtype(roles.data);
  ENSURE(biases_for(data).contains(bias.dtype), name, " on ", data, " needs a bias of type ",
         names_of(biases_for(data)), ", got ", bias.dtype);
  ENSURE(data != DType::i16 || options.quantized_bias_type == DType::f32 ||
             options.quantized_bias_type == bias.dtype,
         name, " announces a bias of type ", options.quantized_bias_type, ", got ", bias.dtype);
  int64_t channels = context.shape(roles.weights)[roles.channel_axis];
  ENSURE(bias.shape.elements() == channels, name, " with ", channels,
         " output channels needs as many bias elements, got the shape ", bias.shape);
  if (!bias.quantized()) return {};
  return check_symmetric(cat("the bias of ", name), bias);
}

Status check_quantized_operands(const InferContext& context, const WeightedRoles& roles,
                                const WeightedOptions& options) {
  std::string_view name = context.op().name;
  const TensorType &x = context.input(roles.data), &w = context.input(roles.weights);
  std::string weights = cat("the weights of ", name);
  TRY(check_channel_scales(weights, w, roles.channel_axis));
  bool may_shift = w.dtype == DType::u8 || (w.dtype == DType::i8 && x.dtype == DType::i8 &&
                                            options.zero_points_of_int8_weights);
  if (!may_shift) TRY(check_symmetric(weights, w));
  if (x.dtype == DType::f32) return {};
  std::string data = cat("the input of ", name), result = cat("the output of ", name);
  TRY(check_one_scale(data, x));
  TRY(check_one_scale(result, context.declared(0)));
  if (x.dtype != DType::i16) return {};
  TRY(check_symmetric(data, x));
  return check_symmetric(result, context.declared(0));
}

}  // namespace

Status check_weighted(const InferContext& context, const WeightedRoles& roles,
                      const WeightedOptions& options) {
  std::string_view name = context.op().name;
  const TensorType &x = context.input(roles.data), &w = context.input(roles.weights);
  ENSURE_CODE(ErrorCode::unsupported, weights_for(x.dtype).contains(w.dtype), name, " on ", x.dtype,
              " does not support weights of type ", w.dtype);
  DType result = context.declared(0).dtype;
  ENSURE(result == x.dtype || (options.widens_u8 && x.dtype == DType::u8 && result == DType::i16),
         name, " gives its input's type ", x.dtype, ", the model declares ", result);
  TRY(check_bias(context, roles, options));
  if (w.dtype == DType::f32 || w.dtype == DType::f16) return {};
  ENSURE(options.quantized_bias_type == DType::f32 || options.quantized_bias_type == DType::i32 ||
             options.quantized_bias_type == DType::i64,
         name, " has the quantized_bias_type ", options.quantized_bias_type,
         "; it may be i32 or i64");
  return check_quantized_operands(context, roles, options);
}

bool sums_in_64_bits(const TensorType& data, const TensorType* bias, DType quantized_bias_type) {
  if (data.dtype != DType::i16) return false;
  return bias ? bias->dtype == DType::i64 : quantized_bias_type != DType::i32;
}

Int8Weights::Int8Weights(const TensorView& view) {
  if (bits_of(view.dtype()) < 8) unpacked_ = unpack_sub_byte(view);
  data_ = unpacked_.empty() ? view.as<const int8_t>() : unpacked_.data();
}

}  // namespace wherry
