// Recognises the body graphs of scatters and window reductions.
#include "ops/stablehlo/combination.h"

namespace wherry {
namespace {

struct Known {
  std::string_view op;
  Combination kind;
  bool bool_only = false;  ///< bitwise on integers, so only a combination of truths on bool
};
constexpr Known known[] = {
    {"STABLEHLO_ADD", Combination::add},           {"ADD", Combination::add},
    {"STABLEHLO_MULTIPLY", Combination::multiply}, {"MUL", Combination::multiply},
    {"STABLEHLO_MAXIMUM", Combination::maximum},   {"MAXIMUM", Combination::maximum},
    {"STABLEHLO_MINIMUM", Combination::minimum},   {"MINIMUM", Combination::minimum},
    {"STABLEHLO_AND", Combination::all, true},     {"LOGICAL_AND", Combination::all, true},
    {"LOGICAL_OR", Combination::any, true}};

Status check_body(const Graph& graph, DType dtype) {
  ENSURE(graph.inputs.size() == 2 && graph.outputs.size() == 1, "the body graph ",
         quoted(graph.name), " must take two values and give one");
  for (ValueId id : {graph.inputs[0], graph.inputs[1], graph.outputs[0]})
    ENSURE(graph.value(id).type.dtype == dtype, "the body graph ", quoted(graph.name),
           " must compute with ", dtype, ", not ", graph.value(id).type.dtype);
  return {};
}

}  // namespace

Expected<Combination> combination_of(const Model& model, int32_t index, DType dtype) {
  ENSURE(index >= 0 && static_cast<size_t>(index) < model.graphs.size(), "the model has no graph ",
         index);
  const Graph& graph = model.graphs[static_cast<size_t>(index)];
  TRY(check_body(graph, dtype));
  if (graph.nodes.empty() && graph.outputs[0] == graph.inputs[1]) return Combination::replace;
  if (graph.nodes.size() != 1) return Combination::graph;
  const Node& node = graph.nodes[0];
  bool plain = node.outputs == graph.outputs && node.inputs == graph.inputs;
  for (const Known& row : known) {
    if (plain && node.op->name == row.op && (!row.bool_only || dtype == DType::boolean))
      return row.kind;
  }
  return Combination::graph;
}

Status check_combination(const InferContext& context, int32_t graph, DType dtype) {
  if (!context.model()) return {};
  TRY(combination_of(*context.model(), graph, dtype));
  ENSURE(&context.model()->graphs[static_cast<size_t>(graph)] != context.graph(), context.op().name,
         " names the subgraph that it stands in");
  return {};
}

}  // namespace wherry
