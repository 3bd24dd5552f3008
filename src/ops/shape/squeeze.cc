// SQUEEZE: drops axes of extent 1.
#include "ops/shape/squeeze.h"

#include "ops/element_copy.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field squeeze_fields[] = {field<&Squeeze::squeeze_dims>("squeeze_dims", 0)};

Status infer_squeeze(InferContext& context) {
  const Shape& shape = context.shape(0);
  const auto& axes = context.attributes<Squeeze>().squeeze_dims;
  std::vector<bool> drop(static_cast<size_t>(shape.rank()), false);
  for (int32_t named : axes) {
    int axis = TRY(resolve_axis(named, shape.rank(), "squeezed axis"));
    ENSURE(shape[axis] == 1, "SQUEEZE cannot drop axis ", named, " of the shape ", shape,
           ": its extent is not 1");
    drop[static_cast<size_t>(axis)] = true;
  }
  Shape result;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    bool dropped = axes.empty() ? shape[axis] == 1 : drop[static_cast<size_t>(axis)];
    if (!dropped) result.push_back(shape[axis]);
  }
  return context.set_output(0, context.dtype(0), std::move(result));
}

Status reference(Call& call) {
  ElementCopy copy(call, 0);
  TRY(copy.copy_run(0, 0, 0, call.output(0).elements()));
  return copy.finish();
}

}  // namespace

constinit const AttributesType squeeze_attributes = attributes_type<Squeeze>(squeeze_fields, 30);

constinit const OpDef squeeze = {
    .name = "SQUEEZE",
    .code = 43,
    .attributes = &squeeze_attributes,
    .inputs = {{"x", any_type}},
    .outputs = {{"y", any_type}},
    .versions = {{1, "1.6.0"}, {2, "2.5.0", DType::string}},
    .infer = infer_squeeze,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::same_as_input, .int16 = true},
    .doc = "drops the named axes of extent 1, or all of them"};

OpTable squeeze_ops() { return op_table(squeeze); }

}  // namespace wherry::op
