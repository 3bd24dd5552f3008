// PACK: stacks tensors along a new axis.
#include "ops/shape/pack.h"

#include "ops/element_copy.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field pack_fields[] = {field<&Pack::values_count>("values_count", 0),
                                 field<&Pack::axis>("axis", 1)};

constexpr TypeSet packed_types = one_of(DType::f32, DType::u8, DType::i8, DType::i16, DType::i32,
                                        DType::u32, DType::i64, DType::f8e4m3, DType::f8e5m2);

Status infer_pack(InferContext& context) {
  const auto& attributes = context.attributes<Pack>();
  ENSURE(attributes.values_count == context.input_count(), "PACK has ", context.input_count(),
         " inputs, its option says ", attributes.values_count);
  Shape result = context.shape(0);
  const TensorType &first = context.input(0), &declared = context.declared(0);
  for (int i = 0; i < context.input_count(); ++i) {
    ENSURE(context.has_input(i), "PACK needs input ", i);
    const TensorType& x = context.input(i);
    ENSURE(x.shape == first.shape && x.dtype == first.dtype,
           "PACK needs inputs of one type and shape, got ", text_of(first), " and ", text_of(x));
    bool same_scale = x.scale() == first.scale() && x.zero_point() == first.zero_point();
    ENSURE(same_scale, "PACK needs one scale and zero point for all inputs, got ", text_of(first),
           " and ", text_of(x));
  }
  bool kept = !declared.quantized() ||
              (declared.scale() == first.scale() && declared.zero_point() == first.zero_point());
  ENSURE(kept, "PACK cannot change the scale: inputs ", text_of(first), ", output ",
         text_of(declared));
  int axis = TRY(resolve_axis(attributes.axis, result.rank() + 1, "axis of PACK"));
  result.insert(axis, context.input_count());
  return context.set_output(0, first.dtype, std::move(result));
}

Status reference(Call& call) {
  const Shape& shape = call.output(0).shape();
  int axis = TRY(resolve_axis(call.attributes<Pack>().axis, shape.rank()));
  int64_t blocks = shape.product(0, axis), block = shape.product(axis + 1, shape.rank());
  ElementCopy copy(call, 0);
  for (int i = 0; i < call.input_count(); ++i) {
    CopyAxis axes[] = {{blocks, block, block * shape[axis]}, {block, 1, 1}};
    TRY(copy.copy(i, axes, 0, i * block));
  }
  return copy.finish();
}

}  // namespace

constinit const AttributesType pack_attributes = attributes_type<Pack>(pack_fields, 59);

constinit const OpDef pack = {
    .name = "PACK",
    .code = 83,
    .attributes = &pack_attributes,
    .inputs = {{"x", packed_types}, {"more", packed_types, Presence::variadic}},
    .outputs = {{"y", packed_types}},
    .versions = {{1, "1.11.0"},
                 {2, "1.14.0", DType::i8},
                 {3, "2.3.0", DType::i16},
                 {4, "2.13.0", DType::u32}},
    .infer = infer_pack,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::same_as_input, .int16 = true},
    .doc = "stacks tensors of one shape along a new axis"};

OpTable pack_ops() { return op_table(pack); }

}  // namespace wherry::op
