// FILL: a tensor of one value.
#include "ops/shape/fill.h"

#include "ops/element_copy.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet filled_types =
    one_of(DType::f32, DType::f16, DType::bf16, DType::f64, DType::u8, DType::i8, DType::i16,
           DType::u16, DType::i32, DType::u32, DType::i64, DType::u64, DType::boolean, DType::c64,
           DType::c128, DType::f8e4m3, DType::f8e5m2, DType::string);

Status infer_fill(InferContext& context) {
  ENSURE(context.shape(0).rank() == 1 && context.shape(1).elements() == 1,
         "FILL needs a vector of extents and one value, got the shapes ", context.shape(0), " and ",
         context.shape(1));
  return context.set_output(0, context.dtype(1), Shape(TRY(context.integers(0))));
}

Status reference(Call& call) {
  ElementCopy copy(call, 0);
  TRY(copy.fill_from(1));
  return copy.finish();
}

}  // namespace

constinit const AttributesType fill_attributes = attributes_type<NoAttributes>({}, 68);

constinit const OpDef fill = {
    .name = "FILL",
    .code = 94,
    .attributes = &fill_attributes,
    .inputs = {{"dims", one_of(DType::i32, DType::i64)}, {"value", filled_types}},
    .outputs = {{"y", filled_types}},
    .versions = {{1, "1.13.0"},
                 {2, "2.3.0", one_of(DType::boolean, DType::string)},
                 {3, "2.5.0", one_of(DType::i8, DType::i16)},
                 {4, "2.12.0", DType::f16}},
    .infer = infer_fill,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::same_as_input, .data = 1, .int16 = true},
    .doc = "a tensor of one value"};

OpTable fill_ops() { return op_table(fill); }

}  // namespace wherry::op
