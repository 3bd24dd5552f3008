// RESHAPE: the same elements under another shape.
#include "ops/shape/reshape.h"

#include "ops/element_copy.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field reshape_fields[] = {field<&Reshape::new_shape>("new_shape", 0)};

/// Replaces the one -1 by what is left of the elements.
Expected<Shape> resolved(std::vector<int64_t> wanted, const Shape& from) {
  int64_t others = 1, stretched = -1, elements = from.elements();
  for (size_t axis = 0; axis < wanted.size(); ++axis) {
    if (wanted[axis] == -1) {
      ENSURE(stretched < 0, "RESHAPE may leave one extent open, got the shape ", wanted);
      stretched = static_cast<int64_t>(axis);
      continue;
    }
    ENSURE(wanted[axis] >= 0, "RESHAPE cannot give the shape ", wanted);
    others = TRY(checked_multiply(others, wanted[axis]));
  }
  if (stretched >= 0) {
    ENSURE(others > 0, "RESHAPE cannot tell the open extent of ", wanted, " from ", elements,
           " elements");
    wanted[static_cast<size_t>(stretched)] = elements / others;
    others *= elements / others;
  }
  ENSURE(others == elements, "RESHAPE cannot give ", elements, " elements (shape ", from,
         ") the shape ", wanted);
  return Shape(std::move(wanted));
}

Status infer_reshape(InferContext& context) {
  std::vector<int64_t> wanted;
  if (context.has_input(1)) {
    ENSURE(context.shape(1).rank() == 1, "RESHAPE needs its shape as a vector, got the shape ",
           context.shape(1));
    wanted = TRY(context.integers(1));
  } else {
    const auto& option = context.attributes<Reshape>().new_shape;
    wanted.assign(option.begin(), option.end());
    // Old converters wrote [0] for a scalar.
    if (wanted == std::vector<int64_t>{0} && context.shape(0).elements() == 1) wanted.clear();
  }
  return context.set_output(0, context.dtype(0),
                            TRY(resolved(std::move(wanted), context.shape(0))));
}

Status reference(Call& call) {
  ElementCopy copy(call, 0);
  TRY(copy.copy_run(0, 0, 0, call.output(0).elements()));
  return copy.finish();
}

}  // namespace

constinit const AttributesType reshape_attributes = attributes_type<Reshape>(reshape_fields, 17);

constinit const OpDef reshape = {
    .name = "RESHAPE",
    .code = 22,
    .attributes = &reshape_attributes,
    .inputs = {{"x", any_type}, {"shape", one_of(DType::i32, DType::i64), Presence::optional}},
    .outputs = {{"y", any_type}},
    .versions = {{1, "1.5.0"}},
    .infer = infer_reshape,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::same_as_input, .int16 = true},
    .doc = "the same elements under another shape; one extent may be -1"};

OpTable reshape_ops() { return op_table(reshape); }

}  // namespace wherry::op
