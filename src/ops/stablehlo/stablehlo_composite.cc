// STABLEHLO_COMPOSITE: a named operation that brings its own definition as a graph.
#include "ops/stablehlo/stablehlo_composite.h"

#include "ops/control_flow/subgraph_call.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field stablehlo_composite_fields[] = {
    field<&StablehloComposite::name>("name", 0),
    field<&StablehloComposite::decomposition_subgraph_index>("decomposition_subgraph_index", 1),
    field<&StablehloComposite::composite_attributes>("composite_attributes", 2),
    field<&StablehloComposite::composite_attributes_format>("composite_attributes_format", 3),
    field<&StablehloComposite::version>("version", 4)};

Status infer_stablehlo_composite(InferContext& context) {
  int32_t graph = context.attributes<StablehloComposite>().decomposition_subgraph_index;
  TRY(check_subgraph(context, graph, 0, declared_types(context)));
  set_outputs_unknown(context);
  return {};
}

Status reference(Call& call) {
  return run_subgraph(call, call.attributes<StablehloComposite>().decomposition_subgraph_index, 0);
}

}  // namespace

constinit const AttributesType stablehlo_composite_attributes =
    attributes_type<StablehloComposite>(stablehlo_composite_fields, 0, 21);

constinit const OpDef stablehlo_composite = {
    .name = "STABLEHLO_COMPOSITE",
    .code = 206,
    .attributes = &stablehlo_composite_attributes,
    .inputs = {{"inputs", any_type, Presence::variadic}},
    .outputs = {{"outputs", any_type, Presence::variadic}},
    .versions = {{1, "2.17.0"}},
    .infer = infer_stablehlo_composite,
    .reference = reference,
    .effects = Effects::stateful,
    .doc = "a named operation, computed by running the graph that defines it"};

OpTable stablehlo_composite_ops() { return op_table(stablehlo_composite); }

}  // namespace wherry::op
