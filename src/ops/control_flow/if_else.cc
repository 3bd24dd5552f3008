// IF: runs one of two graphs.
#include "ops/control_flow/if_else.h"

#include "ops/control_flow/subgraph_call.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field if_else_fields[] = {field<&IfElse::then_subgraph_index>("then_subgraph_index", 0),
                                    field<&IfElse::else_subgraph_index>("else_subgraph_index", 1)};

Status infer_if_else(InferContext& context) {
  const auto& attributes = context.attributes<IfElse>();
  ENSURE(context.shape(0).elements() == 1, "IF needs one condition, got the shape ",
         context.shape(0));
  std::vector<DType> types = declared_types(context);
  TRY(check_subgraph(context, attributes.then_subgraph_index, 1, types));
  TRY(check_subgraph(context, attributes.else_subgraph_index, 1, types));
  set_outputs_unknown(context);
  return {};
}

Status reference(Call& call) {
  const auto& attributes = call.attributes<IfElse>();
  bool condition = integer_at(call.input(0), 0) != 0;
  return run_subgraph(
      call, condition ? attributes.then_subgraph_index : attributes.else_subgraph_index, 1);
}

}  // namespace

constinit const AttributesType if_else_attributes = attributes_type<IfElse>(if_else_fields, 92);

constinit const OpDef if_else = {
    .name = "IF",
    .code = 118,
    .attributes = &if_else_attributes,
    .inputs = {{"condition", DType::boolean}, {"inputs", any_type, Presence::variadic}},
    .outputs = {{"outputs", any_type, Presence::variadic}},
    .versions = {{1, "1.15.0"}},
    .infer = infer_if_else,
    .reference = reference,
    .effects = Effects::stateful,
    .doc = "runs one of two graphs"};

OpTable if_else_ops() { return op_table(if_else); }

}  // namespace wherry::op
