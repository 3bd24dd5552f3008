// CONCATENATION: joins tensors along one axis; uint8 inputs may come in other scales.
#include "ops/shape/concatenation.h"

#include <algorithm>
#include <cmath>

#include "ops/element_copy.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field concatenation_fields[] = {
    field<&Concatenation::axis>("axis", 0),
    field<&Concatenation::fused_activation_function>("fused_activation_function", 1)};

constexpr TypeSet joined_types =
    one_of(DType::f32, DType::f16, DType::bf16, DType::u8, DType::i8, DType::i16, DType::i32,
           DType::i64, DType::u32, DType::boolean, DType::i4, DType::f8e4m3, DType::f8e5m2);

bool same_scale(const TensorType& a, const TensorType& b) {
  return a.scale() == b.scale() && a.zero_point() == b.zero_point();
}

Status check_input(const InferContext& context, int i, int axis) {
  const Shape &first = context.shape(0), &shape = context.shape(i);
  ENSURE(context.dtype(i) == context.dtype(0), "CONCATENATION needs inputs of one type, got ",
         context.dtype(0), " and ", context.dtype(i));
  bool agrees = shape.rank() == first.rank();
  for (int k = 0; agrees && k < shape.rank(); ++k) agrees = k == axis || shape[k] == first[k];
  ENSURE(agrees, "CONCATENATION along axis ", axis, " cannot join the shapes ", first, " and ",
         shape);
  // Elements of u8 are rescaled, those of i16 are joined as they are stored.
  if (context.dtype(0) != DType::i8) return {};
  const TensorType &x = context.input(i), &y = context.declared(0);
  ENSURE(!x.quantized() || !y.quantized() || same_scale(x, y), "CONCATENATION of i8 ",
         "needs one scale and zero point for all tensors, got ", text_of(x), " and ", text_of(y));
  return {};
}

Status infer_concatenation(InferContext& context) {
  const auto& attributes = context.attributes<Concatenation>();
  ENSURE_CODE(ErrorCode::unsupported, attributes.fused_activation_function == Activation::none,
              "CONCATENATION does not support a fused activation");
  Shape result = context.shape(0);
  int axis = TRY(resolve_axis(attributes.axis, result.rank(), "axis of CONCATENATION"));
  for (int i = 1; i < context.input_count(); ++i) {
    ENSURE(context.has_input(i), "CONCATENATION needs input ", i);
    TRY(check_input(context, i, axis));
    result[axis] = TRY(checked_add(result[axis], context.shape(i)[axis]));
  }
  TRY(check_input(context, 0, axis));
  return context.set_output(0, context.dtype(0), std::move(result));
}

/// Elements of an input in the output's scale: TFLite computes this in float32.
void rescale(const TensorView& x, const TensorView& y, int64_t blocks, int64_t offset,
             int64_t from_block, int64_t to_block) {
  const float scale = x.type->scale() * (1.0f / y.type->scale());
  const float bias = static_cast<float>(-x.type->zero_point()) * scale;
  uint8_t table[256];
  for (int value = 0; value < 256; ++value) {
    float real = std::round(static_cast<float>(value) * scale + bias);
    double shifted = static_cast<double>(real) + y.type->zero_point();
    table[value] = static_cast<uint8_t>(shifted >= 255 ? 255 : shifted > 0 ? shifted : 0);
  }
  for (int64_t block = 0; block < blocks; ++block) {
    const uint8_t* from = x.as<const uint8_t>() + block * from_block;
    uint8_t* to = y.as<uint8_t>() + block * to_block + offset;
    std::transform(from, from + from_block, to, [&](uint8_t value) { return table[value]; });
  }
}

Status reference(Call& call) {
  const Shape& shape = call.output(0).shape();
  int axis = TRY(resolve_axis(call.attributes<Concatenation>().axis, shape.rank()));
  int64_t blocks = shape.product(0, axis), to_block = shape.product(axis, shape.rank()), offset = 0;
  ElementCopy copy(call, 0);
  for (int i = 0; i < call.input_count(); ++i) {
    const TensorView &x = call.input(i), &y = call.output(0);
    int64_t from_block = x.shape().product(axis, shape.rank());
    bool rescales = x.dtype() == DType::u8 && x.type->quantized() && y.type->quantized() &&
                    !same_scale(*x.type, *y.type);
    if (rescales) {
      rescale(x, y, blocks, offset, from_block, to_block);
    } else {
      CopyAxis axes[] = {{blocks, from_block, to_block}, {from_block, 1, 1}};
      TRY(copy.copy(i, axes, 0, offset));
    }
    offset += from_block;
  }
  return copy.finish();
}

}  // namespace

constinit const AttributesType concatenation_attributes =
    attributes_type<Concatenation>(concatenation_fields, 10);

constinit const OpDef concatenation = {
    .name = "CONCATENATION",
    .code = 2,
    .attributes = &concatenation_attributes,
    .inputs = {{"x", joined_types}, {"more", joined_types, Presence::variadic}},
    .outputs = {{"y", joined_types}},
    .versions = {{1, "1.5.0"},
                 {2, "1.14.0", DType::i8},
                 {3, "2.3.0", DType::i16},
                 {4, "2.14.0", DType::u32},
                 {5, "2.21.0", DType::i4},
                 {6, "2.23.0", DType::f16}},
    .infer = infer_concatenation,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::same_as_input, .int16 = true},
    .doc = "joins tensors along one axis; uint8 inputs are brought to the output's scale"};

OpTable concatenation_ops() { return op_table(concatenation); }

}  // namespace wherry::op
