// UNPACK: takes a tensor apart along one axis.
#include "ops/shape/unpack.h"

#include "ops/element_copy.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field unpack_fields[] = {field<&Unpack::num>("num", 0), field<&Unpack::axis>("axis", 1)};

constexpr TypeSet unpacked_types =
    one_of(DType::f32, DType::f16, DType::bf16, DType::u8, DType::i8, DType::i16, DType::i32,
           DType::boolean, DType::f8e4m3, DType::f8e5m2);

Status infer_unpack(InferContext& context) {
  const auto& attributes = context.attributes<Unpack>();
  Shape result = context.shape(0);
  int axis = TRY(resolve_axis(attributes.axis, result.rank(), "axis of UNPACK"));
  ENSURE(attributes.num == result[axis] && context.output_count() == attributes.num,
         "UNPACK of extent ", result[axis], " has the option num ", attributes.num, " and ",
         context.output_count(), " outputs");
  result.erase(axis);
  for (int i = 0; i < context.output_count(); ++i)
    TRY(context.set_output(i, context.dtype(0), result));
  return {};
}

Status reference(Call& call) {
  const Shape& shape = call.shape(0);
  int axis = TRY(resolve_axis(call.attributes<Unpack>().axis, shape.rank()));
  int64_t blocks = shape.product(0, axis), block = shape.product(axis + 1, shape.rank());
  for (int i = 0; i < call.output_count(); ++i) {
    CopyAxis axes[] = {{blocks, block * shape[axis], block}, {block, 1, 1}};
    ElementCopy copy(call, i);
    TRY(copy.copy(0, axes, i * block));
    TRY(copy.finish());
  }
  return {};
}

}  // namespace

constinit const AttributesType unpack_attributes = attributes_type<Unpack>(unpack_fields, 64);

constinit const OpDef unpack = {
    .name = "UNPACK",
    .code = 88,
    .attributes = &unpack_attributes,
    .inputs = {{"x", unpacked_types}},
    .outputs = {{"y", unpacked_types, Presence::variadic}},
    .versions = {{1, "1.11.0"},
                 {2, "1.14.0", one_of(DType::i8, DType::u8)},
                 {3, "2.2.0", DType::boolean},
                 {4, "2.3.0", DType::i16},
                 {5, "2.22.0", one_of(DType::f16, DType::bf16)}},
    .infer = infer_unpack,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::same_as_input, .int16 = true},
    .doc = "takes a tensor apart along one axis"};

OpTable unpack_ops() { return op_table(unpack); }

}  // namespace wherry::op
