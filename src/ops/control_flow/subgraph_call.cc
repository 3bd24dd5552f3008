// What operators that run other graphs of the model share.
#include "ops/control_flow/subgraph_call.h"

#include "ops/environment.h"

namespace wherry {

Status check_subgraph(const InferContext& context, int32_t index, int first_input,
                      std::span<const DType> outputs) {
  if (!context.model()) return {};
  const auto& graphs = context.model()->graphs;
  std::string_view name = context.op().name;
  ENSURE(index >= 0 && static_cast<size_t>(index) < graphs.size(), name, " names subgraph ", index,
         " of ", graphs.size());
  const Graph& graph = graphs[static_cast<size_t>(index)];
  ENSURE(&graph != context.graph(), name, " names the subgraph that it stands in");
  int count = context.input_count() - first_input;
  ENSURE(static_cast<int>(graph.inputs.size()) == count, name, " hands ", count,
         " values to subgraph ", index, ", which takes ", graph.inputs.size());
  for (int i = 0; i < count; ++i) {
    ENSURE(context.has_input(first_input + i), name, " needs input ", first_input + i);
    DType wanted = graph.value(graph.inputs[static_cast<size_t>(i)]).type.dtype;
    ENSURE(context.dtype(first_input + i) == wanted, name, " hands ",
           context.dtype(first_input + i), " to subgraph ", index, " as input ", i,
           ", which takes ", wanted);
  }
  ENSURE(graph.outputs.size() == outputs.size(), name, " needs ", outputs.size(),
         " outputs of subgraph ", index, ", which gives ", graph.outputs.size());
  for (size_t i = 0; i < outputs.size(); ++i) {
    DType given = graph.value(graph.outputs[i]).type.dtype;
    ENSURE(given == outputs[i], name, " needs ", outputs[i], " as output ", i, " of subgraph ",
           index, ", which gives ", given);
  }
  return {};
}

std::vector<DType> declared_types(const InferContext& context) {
  std::vector<DType> types;
  for (int i = 0; i < context.output_count(); ++i) types.push_back(context.declared(i).dtype);
  return types;
}

void set_outputs_unknown(InferContext& context) {
  for (int i = 0; i < context.output_count(); ++i)
    context.set_output_unknown(i, context.declared(i).dtype);
}

Status hand_over(Call& call, std::vector<Tensor> results) {
  ENSURE(static_cast<int>(results.size()) == call.output_count(), "a subgraph gives ",
         results.size(), " values where ", call.output_count(), " are needed");
  for (int i = 0; i < call.output_count(); ++i) {
    TensorView view = results[static_cast<size_t>(i)].view();
    TRY(call.set_bytes(i, view.shape(), {view.data, view.bytes}));
    results[static_cast<size_t>(i)] = {};
  }
  return {};
}

Status run_subgraph(Call& call, int32_t index, int first_input) {
  auto inputs = call.inputs().subspan(static_cast<size_t>(first_input));
  return hand_over(call, TRY(call.environment().call_graph(index, inputs)));
}

}  // namespace wherry
