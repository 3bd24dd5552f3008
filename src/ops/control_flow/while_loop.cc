// WHILE: runs a graph on its own outputs as long as another graph says so.
#include "ops/control_flow/while_loop.h"

#include "ops/control_flow/subgraph_call.h"
#include "ops/environment.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field while_loop_fields[] = {
    field<&WhileLoop::cond_subgraph_index>("cond_subgraph_index", 0),
    field<&WhileLoop::body_subgraph_index>("body_subgraph_index", 1)};

Status infer_while_loop(InferContext& context) {
  const auto& attributes = context.attributes<WhileLoop>();
  ENSURE(context.input_count() == context.output_count(), "WHILE has ", context.input_count(),
         " inputs and ", context.output_count(), " outputs");
  std::vector<DType> types = declared_types(context);
  for (int i = 0; i < context.input_count(); ++i) {
    ENSURE(context.has_input(i) && context.dtype(i) == types[static_cast<size_t>(i)],
           "WHILE needs input and output ", i, " of one type");
  }
  DType flag[] = {DType::boolean};
  TRY(check_subgraph(context, attributes.cond_subgraph_index, 0, flag));
  TRY(check_subgraph(context, attributes.body_subgraph_index, 0, types));
  set_outputs_unknown(context);
  return {};
}

Expected<bool> holds(Call& call, std::span<const TensorView> state) {
  int32_t graph = call.attributes<WhileLoop>().cond_subgraph_index;
  std::vector<Tensor> flag = TRY(call.environment().call_graph(graph, state));
  ENSURE(flag.size() == 1 && flag[0].type.shape.elements() == 1,
         "the condition of WHILE must give one bool");
  return integer_at(flag[0].view(), 0) != 0;
}

Status reference(Call& call) {
  std::vector<Tensor> state;
  std::vector<TensorView> views(call.inputs().begin(), call.inputs().end());
  while (TRY(holds(call, views))) {
    TRY(call.environment().spend_step());
    state =
        TRY(call.environment().call_graph(call.attributes<WhileLoop>().body_subgraph_index, views));
    ENSURE(state.size() == views.size(), "the body of WHILE must give ", views.size(), " values");
    for (size_t i = 0; i < state.size(); ++i) views[i] = state[i].view();
  }
  for (int i = 0; i < call.output_count(); ++i) {
    const TensorView& view = views[static_cast<size_t>(i)];
    TRY(call.set_bytes(i, view.shape(), {view.data, view.bytes}));
  }
  return {};
}

}  // namespace

constinit const AttributesType while_loop_attributes =
    attributes_type<WhileLoop>(while_loop_fields, 93);

constinit const OpDef while_loop = {
    .name = "WHILE",
    .code = 119,
    .attributes = &while_loop_attributes,
    .inputs = {{"state", any_type, Presence::variadic}},
    .outputs = {{"state", any_type, Presence::variadic}},
    .versions = {{1, "1.15.0"}},
    .infer = infer_while_loop,
    .reference = reference,
    .effects = Effects::stateful,
    .doc = "runs a graph on its own outputs as long as another graph says so"};

OpTable while_loop_ops() { return op_table(while_loop); }

}  // namespace wherry::op
