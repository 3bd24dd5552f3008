// Answers an implementation's questions about constants and neighbours.
#include "runtime/node_context.h"

namespace wherry {

bool NodeContext::is_constant_value(ValueId id) const {
  return planner_.state_.known_of(id).state != KnownValue::unknown;
}

TensorView NodeContext::constant_value(ValueId id) {
  KnownValue& known = planner_.state_.known_of(id);
  if (planner_.trouble_) planner_.trouble_ = planner_.materialise(id);
  if (known.state != KnownValue::known) return {&type(id), nullptr, 0};
  return {&type(id), const_cast<std::byte*>(known.data.bytes().data()), known.data.size()};
}

bool NodeContext::open(NodeId n) const {
  if (n < planner_.first_ || n >= planner_.last_) return false;
  const Decision& decision = planner_.decision(n);
  return decision.kind != Choice::none && decision.requests.absorbed.empty() && decision.time == n;
}

const Node* NodeContext::producer(ValueId id) const {
  GraphState& state = planner_.state_;
  NodeId n = state.producers[static_cast<size_t>(id)];
  if (n == no_node) return nullptr;
  bool folded = state.known_of(id).state != KnownValue::unknown;
  bool fusible = !state.options.needs_all_values() && open(n);
  return folded || fusible ? &state.graph.nodes[static_cast<size_t>(n)] : nullptr;
}

const Node* NodeContext::only_reader(ValueId id) const {
  GraphState& state = planner_.state_;
  size_t index = static_cast<size_t>(id);
  if (state.options.needs_all_values() || state.is_output[index] || state.is_input[index])
    return nullptr;
  NodeId reader = no_node;
  for (NodeId n : state.readers[index]) {
    bool planned = n >= planner_.first_ && n < planner_.last_;
    if (planned && planner_.report(n).fate == NodeReport::folded) continue;
    if (reader != no_node) return nullptr;
    reader = n;
  }
  return open(reader) ? &state.graph.nodes[static_cast<size_t>(reader)] : nullptr;
}

std::shared_ptr<const void> NodeContext::find_shared(ValueId constant, std::string_view layout) {
  GraphState& state = planner_.state_;
  if (state.known_of(constant).shape_dependent) return nullptr;
  return state.shared.constants.find(state.value(constant), layout);
}

void NodeContext::keep_shared(ValueId constant, std::string_view layout,
                              std::shared_ptr<const void> made) {
  GraphState& state = planner_.state_;
  if (made && !state.known_of(constant).shape_dependent)
    state.shared.constants.keep(state.value(constant), layout, made);
}

bool NodeContext::constants_at_hand() {
  for (ValueId id : node_.inputs) {
    if (id != no_value && is_constant_value(id) && !constant_value(id).data) return false;
  }
  return true;
}

}  // namespace wherry
