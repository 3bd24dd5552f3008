// EXPAND_DIMS: adds an axis of extent 1.
#include "ops/shape/expand_dims.h"

#include "ops/element_copy.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

Status infer_expand_dims(InferContext& context) {
  Shape shape = context.shape(0);
  int axis = TRY(resolve_axis(TRY(context.integer(1)), shape.rank() + 1, "axis of EXPAND_DIMS"));
  shape.insert(axis, 1);
  return context.set_output(0, context.dtype(0), std::move(shape));
}

Status reference(Call& call) {
  ElementCopy copy(call, 0);
  TRY(copy.copy_run(0, 0, 0, call.output(0).elements()));
  return copy.finish();
}

}  // namespace

constinit const AttributesType expand_dims_attributes = attributes_type<NoAttributes>({}, 52);

constinit const OpDef expand_dims = {
    .name = "EXPAND_DIMS",
    .code = 70,
    .attributes = &expand_dims_attributes,
    .inputs = {{"x", any_type}, {"axis", one_of(DType::i32, DType::i64)}},
    .outputs = {{"y", any_type}},
    .versions = {{1, "1.10.0"}},
    .infer = infer_expand_dims,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::same_as_input, .int16 = true},
    .doc = "adds an axis of extent 1; a negative axis counts from the end of the result"};

OpTable expand_dims_ops() { return op_table(expand_dims); }

}  // namespace wherry::op
