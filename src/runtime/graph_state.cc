// Structure of a graph: who makes and reads each value, and which nodes matter.
#include "runtime/graph_state.h"

#include "ops/context.h"

namespace wherry {
namespace {

/// Nodes with effects, and all that something needed is computed from.
std::vector<bool> needed_nodes(const Graph& graph, bool all) {
  std::vector<bool> values(graph.values.size()), nodes(graph.nodes.size());
  for (ValueId id : graph.outputs) values[static_cast<size_t>(id)] = true;
  for (size_t n = graph.nodes.size(); n-- > 0;) {
    const Node& node = graph.nodes[n];
    bool needed = all || node.op->effects == Effects::stateful;
    for (ValueId id : node.outputs)
      needed = needed || (id != no_value && values[static_cast<size_t>(id)]);
    nodes[n] = needed;
    for (ValueId id : node.inputs) {
      if (needed && id != no_value) values[static_cast<size_t>(id)] = true;
    }
  }
  return nodes;
}

}  // namespace

GraphState::GraphState(const SharedModel& shared_model, int graph_index,
                       const PlanOptions& plan_options)
    : shared(shared_model),
      graph(shared_model.model.graphs[static_cast<size_t>(graph_index)]),
      options(plan_options),
      producers(graph.producers()),
      readers(graph.values.size()),
      live(needed_nodes(graph, plan_options.needs_all_values())),
      is_input(graph.values.size()),
      is_output(graph.values.size()),
      known(graph.values.size()),
      places(graph.values.size()) {
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    if (!live[n]) continue;
    for (ValueId id : graph.nodes[n].inputs) {
      if (id != no_value) readers[static_cast<size_t>(id)].push_back(static_cast<NodeId>(n));
    }
  }
  for (ValueId id : graph.inputs) is_input[static_cast<size_t>(id)] = true;
  for (ValueId id : graph.outputs) is_output[static_cast<size_t>(id)] = true;
  types.reserve(graph.values.size());
  for (const Value& value : graph.values) types.push_back(value.type);
}

std::byte* GraphState::data(ValueId id) {
  const Place& at = place(id);
  switch (at.kind) {
    case Place::nowhere:
      return nullptr;
    case Place::arena:
      return arena.data() + buffers[static_cast<size_t>(at.buffer)].offset + at.offset;
    case Place::constant:
      return const_cast<std::byte*>(known_of(id).data.bytes().data());
    case Place::variable:
      return variables.at(id).data;
    case Place::heap:
      return heap[id].data();
  }
  return nullptr;
}

std::string GraphState::types_read(const Node& node) const {
  std::string text;
  for (ValueId id : node.inputs) {
    if (!text.empty()) text += ", ";
    if (text.size() > 300) return text + "...";
    if (id == no_value) {
      text += "nothing";
      continue;
    }
    const TensorType& type = types[static_cast<size_t>(id)];
    text += cat(quoted(value(id).name), " ", type.dtype, text_of(type.shape));
  }
  return text;
}

Error GraphState::located(Error error, const Node& node) const {
  if (!error.where.empty()) {
    error.context.push_back(cat("at ", place_of(graph, node)));
    return error;
  }
  error.where = place_of(graph, node);
  if (error.received.empty()) error.received = types_read(node);
  return error;
}

}  // namespace wherry
