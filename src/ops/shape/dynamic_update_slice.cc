// DYNAMIC_UPDATE_SLICE: writes a smaller tensor into a copy of a larger one.
#include "ops/shape/dynamic_update_slice.h"

#include <algorithm>

#include "ops/element_copy.h"
#include "ops/registry.h"
#include "ops/version_conditions.h"

namespace wherry::op {
namespace {

constexpr TypeSet updated_types = whole_byte_types | one_of(DType::i4);

Status infer_dynamic_update_slice(InferContext& context) {
  const Shape &operand = context.shape(0), &update = context.shape(1);
  ENSURE(context.dtype(0) == context.dtype(1), "DYNAMIC_UPDATE_SLICE needs one type, got ",
         context.dtype(0), " and ", context.dtype(1));
  bool fits = operand.rank() == update.rank() && operand.rank() <= 8;
  for (int axis = 0; fits && axis < operand.rank(); ++axis) fits = update[axis] <= operand[axis];
  ENSURE(fits, "DYNAMIC_UPDATE_SLICE cannot write the shape ", update, " into ", operand);
  ENSURE(context.shape(2) == Shape({operand.rank()}), "DYNAMIC_UPDATE_SLICE needs ", operand.rank(),
         " start indices, got the shape ", context.shape(2));
  return context.set_output(0, context.dtype(0), operand);
}

Status reference(Call& call) {
  const Shape &operand = call.shape(0), &update = call.shape(1);
  std::vector<int64_t> from = dense_steps(update), to = dense_steps(operand);
  std::vector<CopyAxis> axes;
  int64_t start = 0;
  for (int axis = 0; axis < operand.rank(); ++axis) {
    size_t k = static_cast<size_t>(axis);
    axes.push_back({update[axis], from[k], to[k]});
    start += std::clamp<int64_t>(integer_at(call.input(2), axis), 0, operand[axis] - update[axis]) *
             to[k];
  }
  ElementCopy copy(call, 0);
  TRY(copy.copy_run(0, 0, 0, operand.elements()));
  TRY(copy.copy(1, axes, 0, start));
  return copy.finish();
}

}  // namespace

constinit const AttributesType dynamic_update_slice_attributes =
    attributes_type<NoAttributes>({}, 117);

constinit const OpDef dynamic_update_slice = {
    .name = "DYNAMIC_UPDATE_SLICE",
    .code = 151,
    .attributes = &dynamic_update_slice_attributes,
    .inputs = {{"operand", updated_types},
               {"update", updated_types},
               {"start", one_of(DType::i32, DType::i64)}},
    .outputs = {{"y", updated_types}},
    .versions = {{1, "2.9.0"},
                 {2, "2.17.0", {}, input_is<2, DType::i64>},
                 {3, "2.19.0", DType::f16},
                 {4, "2.20.0", DType::i16},
                 {5, "2.21.0", DType::i4},
                 {6, "2.22.0", DType::bf16}},
    .infer = infer_dynamic_update_slice,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::same_as_input, .int16 = true},
    .doc = "writes a smaller tensor into a copy of a larger one, moved inside where needed"};

OpTable dynamic_update_slice_ops() { return op_table(dynamic_update_slice); }

}  // namespace wherry::op
