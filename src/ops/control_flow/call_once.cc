// CALL_ONCE: runs a graph without inputs and outputs once, for its effects.
#include "ops/control_flow/call_once.h"

#include "ops/control_flow/subgraph_call.h"
#include "ops/environment.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field call_once_fields[] = {
    field<&CallOnce::init_subgraph_index>("init_subgraph_index", 0)};

Status infer_call_once(InferContext& context) {
  return check_subgraph(context, context.attributes<CallOnce>().init_subgraph_index, 0, {});
}

Status reference(Call& call) {
  int32_t graph = call.attributes<CallOnce>().init_subgraph_index;
  if (!call.environment().first_time(graph)) return {};
  return run_subgraph(call, graph, 0);
}

}  // namespace

constinit const AttributesType call_once_attributes =
    attributes_type<CallOnce>(call_once_fields, 103);

constinit const OpDef call_once = {.name = "CALL_ONCE",
                                   .code = 129,
                                   .attributes = &call_once_attributes,
                                   .versions = {{1, "2.5.0"}},
                                   .infer = infer_call_once,
                                   .reference = reference,
                                   .effects = Effects::stateful,
                                   .doc = "runs a graph for its effects, once per interpreter"};

OpTable call_once_ops() { return op_table(call_once); }

}  // namespace wherry::op
