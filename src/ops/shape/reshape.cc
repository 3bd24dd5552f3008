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

/// What the file says of the result: a vector, else the option, else numbers of any shape, else the
/// shape declared for the output.
Expected<std::vector<int64_t>> wanted_shape(const InferContext& context) {
  const auto& option = context.attributes<Reshape>().new_shape;
  bool has_numbers = context.has_input(1);
  if (has_numbers && (context.shape(1).rank() == 1 || option.empty())) return context.integers(1);
  std::vector<int64_t> wanted(option.begin(), option.end());
  int64_t elements = context.shape(0).elements();
  // Old converters wrote [0] for a scalar.
  if (wanted == std::vector<int64_t>{0} && elements == 1) wanted.clear();
  const Shape& declared = context.declared(0).shape;
  auto count = declared.checked_elements();
  if (wanted.empty() && elements != 1 && count && *count == elements)
    wanted.assign(declared.begin(), declared.end());
  return wanted;
}

Status infer_reshape(InferContext& context) {
  std::vector<int64_t> wanted = TRY(wanted_shape(context));
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
