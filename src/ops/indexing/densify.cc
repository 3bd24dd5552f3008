// DENSIFY: gives out a sparse constant densely.
#include "ops/indexing/densify.h"

#include "ops/element_copy.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet dense_types = one_of(DType::f32, DType::f16, DType::i8);

Status infer_densify(InferContext& context) {
  return context.set_output(0, context.dtype(0), context.shape(0));
}

Status reference(Call& call) {
  ElementCopy copy(call, 0);
  TRY(copy.copy_run(0, 0, 0, call.input(0).elements()));
  return copy.finish();
}

}  // namespace

constinit const AttributesType densify_attributes = attributes_type<NoAttributes>({}, 99);

constinit const OpDef densify = {.name = "DENSIFY",
                                 .code = 124,
                                 .attributes = &densify_attributes,
                                 .inputs = {{"x", dense_types}},
                                 .outputs = {{"y", dense_types}},
                                 .versions = {{1, "2.2.0"}},
                                 .infer = infer_densify,
                                 .reference = reference,
                                 .quantization = {.rule = QuantizationRule::same_as_input},
                                 .doc = "gives out a sparse constant densely"};

OpTable densify_ops() { return op_table(densify); }

}  // namespace wherry::op
