// Keeps the nodes in a linked list with use lists while passes rewrite them.
#include "passes/editor.h"

#include <algorithm>

namespace wherry {

const Node* PassContext::sole_consumer(ValueId id) const {
  std::vector<const Node*> readers = consumers(id);
  return readers.size() == 1 && !is_output(id) ? readers[0] : nullptr;
}

const Node* PassContext::sole_producer(ValueId id, const OpDef& op) const {
  if (id == no_value || !sole_consumer(id)) return nullptr;
  const Node* node = producer(id);
  return node && node->op == &op ? node : nullptr;
}

GraphEditor::GraphEditor(Model& model, size_t graph, Workshop workshop)
    : model_(model),
      graph_(model.graphs[graph]),
      graph_index_(graph),
      workshop_(std::move(workshop)),
      producers_(graph_.values.size(), -1),
      uses_(graph_.values.size()),
      output_count_(graph_.values.size()) {
  for (ValueId id : graph_.outputs) ++output_count_[static_cast<size_t>(id)];
  slots_.reserve(graph_.nodes.size() * 2);
  for (Node& node : graph_.nodes) link_before(-1, std::move(node));
  graph_.nodes.clear();
}

/// Links a node before slot `place`, or at the end for -1.
void GraphEditor::link_before(int place, Node node) {
  int index = static_cast<int>(slots_.size());
  for (ValueId id : node.outputs) {
    if (id != no_value) producers_[static_cast<size_t>(id)] = index;
  }
  for (ValueId id : node.inputs) {
    if (id != no_value) uses_[static_cast<size_t>(id)].push_back(index);
  }
  slots_.push_back({.node = std::move(node)});
  int previous = -1;
  if (place >= 0) {
    previous = slots_[static_cast<size_t>(place)].previous;
    slots_[static_cast<size_t>(place)].previous = index;
  } else {
    previous = last_;
    last_ = index;
  }
  slots_.back().previous = previous;
  slots_.back().next = place;
  if (previous >= 0)
    slots_[static_cast<size_t>(previous)].next = index;
  else
    first_ = index;
}

const Node* GraphEditor::producer(ValueId id) const {
  if (id == no_value) return nullptr;
  int index = producers_[static_cast<size_t>(id)];
  return index < 0 ? nullptr : &slots_[static_cast<size_t>(index)].node;
}

std::vector<const Node*> GraphEditor::consumers(ValueId id) const {
  std::vector<const Node*> nodes;
  for (int index : uses_[static_cast<size_t>(id)])
    nodes.push_back(&slots_[static_cast<size_t>(index)].node);
  return nodes;
}

bool GraphEditor::precedes(const Node& a, const Node& b) const {
  for (int index = first_; index >= 0; index = slots_[static_cast<size_t>(index)].next) {
    const Node* node = &slots_[static_cast<size_t>(index)].node;
    if (node == &a) return &a != &b;
    if (node == &b) return false;
  }
  return false;
}

int GraphEditor::sweep(const Pass& pass) {
  int count = 0;
  for (int index = first_; index >= 0;) {
    Slot& slot = slots_[static_cast<size_t>(index)];
    int next = slot.next;
    bool wanted = pass.roots.size() == 0 ||
                  std::find(pass.roots.begin(), pass.roots.end(), slot.node.op) != pass.roots.end();
    if (slot.alive && wanted) {
      std::optional<Patch> patch = pass.rewrite(*this, slot.node);
      if (patch && apply(index, std::move(*patch))) ++count;
    }
    // The patch may have removed the next node; removed slots keep their links forward.
    index = next;
    while (index >= 0 && !slots_[static_cast<size_t>(index)].alive)
      index = slots_[static_cast<size_t>(index)].next;
  }
  return count;
}

/// An output cannot become a constant or a graph input: its tensor must be computed. A variable has
/// memory of its own, which its readers change: it stands for no other value.
bool GraphEditor::can_replace(ValueId old, ValueId replacement, const Patch& patch) const {
  bool is_new = replacement >= patch.first_new_;
  if (graph_.value(old).is_variable) return false;
  if (!is_new && graph_.value(replacement).is_variable) return false;
  if (!is_output(old)) return true;
  if (is_new) return !patch.values_[static_cast<size_t>(replacement - patch.first_new_)].constant;
  return producers_[static_cast<size_t>(replacement)] >= 0;
}

bool GraphEditor::apply(int root, Patch patch) {
  for (auto [old, replacement] : patch.replacements_) {
    if (!can_replace(old, replacement, patch)) return false;
  }
  for (auto [old, replacement] : patch.replacements_) {
    if (replacement < patch.first_new_) continue;
    Value& value = patch.values_[static_cast<size_t>(replacement - patch.first_new_)];
    if (value.name.empty()) value.name = graph_.value(old).name;
  }
  Origin origin = slots_[static_cast<size_t>(root)].node.origin;
  std::vector<int> candidates;
  for (auto [old, replacement] : patch.replacements_)
    candidates.push_back(producers_[static_cast<size_t>(old)]);
  for (Value& value : patch.values_) graph_.values.push_back(std::move(value));
  producers_.resize(graph_.values.size(), -1);
  uses_.resize(graph_.values.size());
  output_count_.resize(graph_.values.size());
  for (Node& node : patch.nodes_) {
    if (node.origin.layer.empty()) node.origin = origin;
    link_before(root, std::move(node));
  }
  for (auto [old, replacement] : patch.replacements_) replace_uses(old, replacement);
  for (int index : candidates) {
    if (index >= 0) remove_if_dead(index);
  }
  return true;
}

void GraphEditor::replace_uses(ValueId old, ValueId replacement) {
  for (int user : uses_[static_cast<size_t>(old)]) {
    std::vector<ValueId>& inputs = slots_[static_cast<size_t>(user)].node.inputs;
    auto place = std::find(inputs.begin(), inputs.end(), old);
    if (place != inputs.end()) *place = replacement;
    uses_[static_cast<size_t>(replacement)].push_back(user);
  }
  uses_[static_cast<size_t>(old)].clear();
  if (!is_output(old)) return;
  for (ValueId& id : graph_.outputs) {
    if (id == old) id = replacement;
  }
  for (Signature& signature : model_.signatures) {
    if (static_cast<size_t>(signature.graph) != graph_index_) continue;
    for (Signature::Entry& entry : signature.outputs) {
      if (entry.value == old) entry.value = replacement;
    }
  }
  if (!is_output(replacement)) std::swap(graph_.value(replacement).name, graph_.value(old).name);
  output_count_[static_cast<size_t>(replacement)] += output_count_[static_cast<size_t>(old)];
  output_count_[static_cast<size_t>(old)] = 0;
}

bool GraphEditor::is_needed(const Slot& slot) const {
  if (slot.node.op->effects == Effects::stateful) return true;
  for (ValueId id : slot.node.outputs) {
    if (id != no_value && (!uses_[static_cast<size_t>(id)].empty() || is_output(id))) return true;
  }
  for (ValueId id : slot.node.inputs) {
    if (id != no_value && graph_.value(id).is_variable) return true;
  }
  return false;
}

void GraphEditor::remove_if_dead(int index) {
  Slot& slot = slots_[static_cast<size_t>(index)];
  if (!slot.alive || is_needed(slot)) return;
  slot.alive = false;
  if (slot.previous >= 0)
    slots_[static_cast<size_t>(slot.previous)].next = slot.next;
  else
    first_ = slot.next;
  if (slot.next >= 0)
    slots_[static_cast<size_t>(slot.next)].previous = slot.previous;
  else
    last_ = slot.previous;
  for (ValueId id : slot.node.outputs) {
    if (id != no_value) producers_[static_cast<size_t>(id)] = -1;
  }
  std::vector<ValueId> inputs = slot.node.inputs;
  for (ValueId id : inputs) {
    if (id == no_value) continue;
    auto& uses = uses_[static_cast<size_t>(id)];
    auto place = std::find(uses.begin(), uses.end(), index);
    if (place != uses.end()) uses.erase(place);
    release_if_unused(id);
    int maker = producers_[static_cast<size_t>(id)];
    if (maker >= 0) remove_if_dead(maker);
  }
}

/// Frees the bytes of a constant as soon as nobody reads it: folding must not hold two copies of
/// all weights.
void GraphEditor::release_if_unused(ValueId id) {
  if (uses_[static_cast<size_t>(id)].empty() && !is_output(id)) graph_.value(id).constant = {};
}

int GraphEditor::remove_dead() {
  int before = 0, after = 0;
  for (const Slot& slot : slots_) before += slot.alive;
  for (size_t i = slots_.size(); i-- > 0;) remove_if_dead(static_cast<int>(i));
  for (const Slot& slot : slots_) after += slot.alive;
  return before - after;
}

void GraphEditor::finish() {
  for (int index = first_; index >= 0; index = slots_[static_cast<size_t>(index)].next) {
    graph_.nodes.push_back(std::move(slots_[static_cast<size_t>(index)].node));
  }
  slots_.clear();
  first_ = last_ = -1;
  drop_unused_values();
}

void GraphEditor::drop_unused_values() {
  std::vector<bool> used(graph_.values.size(), false);
  auto note = [&](const std::vector<ValueId>& ids) {
    for (ValueId id : ids) {
      if (id != no_value) used[static_cast<size_t>(id)] = true;
    }
  };
  note(graph_.inputs), note(graph_.outputs);
  for (const Node& node : graph_.nodes)
    note(node.inputs), note(node.outputs), note(node.intermediates);
  for (size_t id = 0; id < used.size(); ++id) {
    auto& quantization = graph_.values[id].type.quantization;
    if (used[id] && quantization)
      quantization->for_each_tensor([&](ValueId tensor) { note({tensor}); });
  }
  std::vector<ValueId> renumbered(graph_.values.size(), no_value);
  std::vector<Value> kept;
  for (size_t id = 0; id < used.size(); ++id) {
    if (!used[id]) continue;
    renumbered[id] = static_cast<ValueId>(kept.size());
    kept.push_back(std::move(graph_.values[id]));
  }
  auto renumber = [&](ValueId& id) {
    if (id != no_value) id = renumbered[static_cast<size_t>(id)];
  };
  auto renumber_all = [&](std::vector<ValueId>& ids) {
    std::for_each(ids.begin(), ids.end(), renumber);
  };
  graph_.values = std::move(kept);
  for (Value& value : graph_.values) {
    if (value.type.quantization) value.type.quantization->for_each_tensor(renumber);
  }
  renumber_all(graph_.inputs), renumber_all(graph_.outputs);
  for (Node& node : graph_.nodes)
    renumber_all(node.inputs), renumber_all(node.outputs), renumber_all(node.intermediates);
  for (Signature& signature : model_.signatures) {
    if (static_cast<size_t>(signature.graph) != graph_index_) continue;
    for (Signature::Entry& entry : signature.inputs) renumber(entry.value);
    for (Signature::Entry& entry : signature.outputs) renumber(entry.value);
  }
}

}  // namespace wherry
