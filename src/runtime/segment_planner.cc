// Second half of planning: which implementation computes each node, and what is fused.
#include "runtime/segment_planner.h"

#include <algorithm>
#include <set>

#include "ops/context.h"
#include "runtime/layout.h"
#include "runtime/node_context.h"

namespace wherry {

Expected<Segment> SegmentPlanner::plan() {
  TRY(walk_types());
  TRY(choose_all());
  TRY(materialise_used());
  Segment segment{.first = first_, .last = last_};
  TRY(lay_out(state_, first_, last_, decisions_, reports_, segment));
  TRY(prepare_stop());
  segment.reports = std::move(reports_);
  segment.buffers = state_.buffers.size();
  release_unused();
  return segment;
}

Error SegmentPlanner::located(Error error, NodeId n) const {
  return state_.located(std::move(error), state_.graph.nodes[static_cast<size_t>(n)]);
}

Status SegmentPlanner::choose_all() {
  for (NodeId n = first_; n < last_; ++n) {
    if (decision(n).kind == Choice::none || decision(n).time != 0) continue;
    decision(n).node = n;
    decision(n).time = n;
  }
  for (NodeId n = first_; n < last_; ++n) {
    if (decision(n).kind == Choice::none) continue;
    auto status = choose(n);
    if (!status) return located(std::move(status).error(), n);
  }
  return {};
}

Status SegmentPlanner::choose(NodeId n) {
  const Node& node = state_.graph.nodes[static_cast<size_t>(n)];
  Decision choice{.node = n, .time = n, .inputs = node.inputs, .outputs = node.outputs};
  choice.dropped.assign(node.inputs.size(), false);
  NodeReport& noted = report(n);
  bool plain = std::count(node.outputs.begin(), node.outputs.end(), no_value) == 0;
  for (ValueId id : node.inputs)
    plain = plain && (id == no_value || state_.type(id).dtype != DType::string);
  for (ValueId id : node.outputs)
    plain = plain && (id == no_value || state_.type(id).dtype != DType::string);
  if (!state_.options.fast || !plain || !TRY(try_fast(n, choice, noted))) take_reference(n, choice);
  noted.implementation = choice.implementation;
  noted.fate = choice.kind == Choice::view   ? NodeReport::view
               : choice.kind == Choice::join ? NodeReport::join
                                             : NodeReport::step;
  mark_absorbed(choice);
  if (state_.options.drops_packed) drop_packed(choice);
  decision(n) = std::move(choice);
  return {};
}

/// The system reads small ones again at once: with their neighbours.
void SegmentPlanner::drop_packed(const Decision& choice) {
  constexpr size_t large = 64 * 1024;
  for (size_t i = 0; i < choice.inputs.size(); ++i) {
    if (choice.inputs[i] == no_value || !choice.dropped[i]) continue;
    const Constant& constant = state_.value(choice.inputs[i]).constant;
    if (constant.size() > large) constant.drop_pages();
    if (constant.is_deferred()) state_.known_of(choice.inputs[i]) = {.state = KnownValue::lazy};
  }
}

void SegmentPlanner::take_reference(NodeId n, Decision& choice) const {
  choice.kind = Choice::reference;
  auto again = infer_again_.find(n);
  choice.infer_again = again != infer_again_.end() && again->second;
}

namespace {

/// Inputs and outputs of the step as it asked for them.
void apply_requests(Decision& choice) {
  const PlanContext::Requests& requests = choice.requests;
  for (ValueId id : requests.added_inputs) choice.inputs.push_back(id);
  choice.dropped.resize(choice.inputs.size(), false);
  for (auto [index, id] : requests.inputs) choice.inputs[static_cast<size_t>(index)] = id;
  for (auto [index, id] : requests.outputs) choice.outputs[static_cast<size_t>(index)] = id;
  for (int index : requests.dropped) choice.dropped[static_cast<size_t>(index)] = true;
}

}  // namespace

Expected<bool> SegmentPlanner::try_fast(NodeId n, Decision& choice, NodeReport& report) {
  const Node& node = state_.graph.nodes[static_cast<size_t>(n)];
  for (const Implementation* implementation : implementations_of(*node.op)) {
    if (!state_.options.only.empty() && implementation->name != state_.options.only) continue;
    NodeContext context(*this, node);
    PlanResult result = implementation->plan(context);
    TRY(std::move(trouble_));
    if (Declined* declined = std::get_if<Declined>(&result)) {
      report.refusals.push_back({implementation->name, std::move(declined->reason)});
      continue;
    }
    Decision candidate{.node = n, .time = n, .inputs = node.inputs, .outputs = node.outputs};
    candidate.dropped.assign(node.inputs.size(), false);
    candidate.implementation = implementation->name;
    if (View* view = std::get_if<View>(&result)) {
      candidate.kind = Choice::view;
      candidate.view = std::move(*view);
    } else if (Join* join = std::get_if<Join>(&result)) {
      candidate.kind = Choice::join;
      candidate.join = std::move(*join);
    } else {
      candidate.kind = Choice::step;
      candidate.step = std::move(std::get<Step>(result));
      candidate.requests = context.take_requests();
      apply_requests(candidate);
      for (const Node* absorbed : candidate.requests.absorbed)
        candidate.time =
            std::max(candidate.time, static_cast<int>(absorbed - state_.graph.nodes.data()));
      std::string problem = fusion_problem(candidate);
      if (!problem.empty()) {
        report.refusals.push_back({implementation->name, std::move(problem)});
        continue;
      }
    }
    choice = std::move(candidate);
    return true;
  }
  return false;
}

/// Empty when the absorbed nodes may be computed together with the step's own, at its time.
std::string SegmentPlanner::fusion_problem(const Decision& choice) const {
  if (choice.requests.absorbed.empty()) return {};
  std::set<NodeId> group = {choice.node};
  for (const Node* node : choice.requests.absorbed) {
    if (node->op->effects != Effects::pure) return "cannot fuse an operator with effects";
    group.insert(static_cast<NodeId>(node - state_.graph.nodes.data()));
  }
  for (ValueId id : choice.inputs) {
    if (id != no_value && state_.value(id).is_variable) return "cannot fuse across a variable";
  }
  for (NodeId n : group) {
    for (ValueId id : state_.graph.nodes[static_cast<size_t>(n)].outputs) {
      bool kept = std::count(choice.outputs.begin(), choice.outputs.end(), id) > 0;
      for (NodeId reader : state_.readers[static_cast<size_t>(id)]) {
        bool inside = group.count(reader) > 0;
        if (inside ? false : !kept) return "a value inside the fusion is read elsewhere";
        if (!inside && reader < choice.time)
          return "a result is read before the fusion is complete";
      }
      if (!kept && state_.is_output[static_cast<size_t>(id)])
        return "a value inside the fusion is an output of the graph";
    }
  }
  return {};
}

void SegmentPlanner::mark_absorbed(const Decision& choice) {
  for (const Node* node : choice.requests.absorbed) {
    NodeId n = static_cast<NodeId>(node - state_.graph.nodes.data());
    decision(n) = {};
    NodeReport& noted = report(n);
    noted.fate = NodeReport::absorbed;
    noted.implementation = choice.implementation;
    noted.absorbed_by = choice.node;
  }
}

/// Constants that steps read while running must be there by then.
Status SegmentPlanner::materialise_used() {
  for (NodeId n = first_; n < last_; ++n) {
    const Decision& choice = decision(n);
    if (choice.kind == Choice::none) continue;
    for (size_t i = 0; i < choice.inputs.size(); ++i) {
      if (choice.inputs[i] == no_value || choice.dropped[i]) continue;
      auto status = materialise(choice.inputs[i]);
      if (!status) return located(std::move(status).error(), n);
    }
  }
  for (ValueId id : state_.graph.outputs) TRY(materialise(id));
  return {};
}

/// The node where planning stopped is run, or asked for its shapes, with all its inputs at hand.
Status SegmentPlanner::prepare_stop() {
  if (last_ >= state_.node_count()) return {};
  for (ValueId id : state_.graph.nodes[static_cast<size_t>(last_)].inputs) {
    if (id == no_value) continue;
    TRY(materialise(id));
    const KnownValue& known = state_.known_of(id);
    if (known.state != KnownValue::known) continue;
    state_.place(id) = {.kind = Place::constant, .bytes = static_cast<int64_t>(known.data.size())};
  }
  return {};
}

/// Gives back the memory of large constants that no step reads while running (they were packed).
void SegmentPlanner::release_unused() {
  for (size_t id = 0; id < state_.known.size(); ++id) {
    KnownValue& known = state_.known[id];
    bool large = known.state == KnownValue::known && known.data.size() > 64 * 1024;
    bool again = state_.producers[id] == no_node || known.depth > 0;
    if (!large || !again || state_.places[id].kind == Place::constant) continue;
    known.data = {};
    known.state = KnownValue::lazy;
  }
}

}  // namespace wherry
