// Starts with own memory for each value, then merges where that is sound and does not cost more.
#include "runtime/sharing.h"

#include <algorithm>

namespace wherry {
namespace {

/// In graphs with more nodes only what never costs memory is shared.
constexpr size_t max_counted = 20'000;

}  // namespace

Sharing::Sharing(GraphState& state, int first, int last, std::vector<Decision>& decisions)
    : state_(state),
      first_(first),
      last_(last),
      decisions_(decisions),
      group_of_(state.graph.values.size(), -1),
      offset_of_(state.graph.values.size()),
      last_use_(state.graph.values.size(), -1),
      live_(static_cast<size_t>(state.node_count() - first + 2)) {
  note_uses();
  groups_.resize(state.buffers.size());
  for (size_t b = 0; b < groups_.size(); ++b) {
    groups_[b] = {.size = state.buffers[b].size, .first = first, .last = -1};
    groups_[b].buffer = static_cast<int>(b);
  }
  for (size_t id = 0; id < state.places.size(); ++id) {
    const Place& place = state.places[id];
    if (place.kind != Place::arena) continue;
    group_of_[id] = place.buffer;
    offset_of_[id] = place.offset;
    MemoryGroup& group = groups_[static_cast<size_t>(place.buffer)];
    group.members.push_back(static_cast<ValueId>(id));
    group.last = std::max(group.last, last_use_[id]);
  }
  if (first == 0) {
    for (ValueId id : state.graph.inputs) add_group(id, 0);
  }
  for (NodeId n = first; n < last; ++n) {
    Decision& decision = decisions_[static_cast<size_t>(n)];
    if (decision.kind == Choice::none) continue;
    for (ValueId id : decision.outputs) add_group(id, decision.time);
  }
  count_live();
}

void Sharing::count_live() {
  for (const MemoryGroup& group : groups_) {
    int begin = std::max(group.first, first_);
    if (group.last < begin) continue;
    live_[static_cast<size_t>(begin - first_)] += aligned_size(group.size);
    live_[static_cast<size_t>(group.last + 1 - first_)] -= aligned_size(group.size);
  }
  for (size_t t = 1; t < live_.size(); ++t) live_[t] += live_[t - 1];
}

int64_t Sharing::bytes_of(ValueId id) const {
  const TensorType& type = state_.types[static_cast<size_t>(id)];
  auto bytes = byte_size(type.dtype, type.shape.elements());
  return bytes ? *bytes : 0;
}

/// The value gets memory of its own, unless it is a string or lives elsewhere.
void Sharing::add_group(ValueId id, int first) {
  if (id == no_value || group_of(id) >= 0) return;
  if (state_.type(id).dtype == DType::string) return;
  Place::Kind kind = state_.place(id).kind;
  if (kind == Place::heap || kind == Place::constant || kind == Place::variable) return;
  group_of_[static_cast<size_t>(id)] = static_cast<int>(groups_.size());
  groups_.push_back({.size = bytes_of(id),
                     .first = first,
                     .last = std::max(first, last_use(id)),
                     .members = {id}});
}

/// When each value is read last: by steps of this segment at their time, by later nodes at theirs.
void Sharing::note_uses() {
  auto use = [&](ValueId id, int time) {
    if (id != no_value)
      last_use_[static_cast<size_t>(id)] = std::max(last_use_[static_cast<size_t>(id)], time);
  };
  for (NodeId n = first_; n < last_; ++n) {
    const Decision& decision = decisions_[static_cast<size_t>(n)];
    if (decision.kind == Choice::none) continue;
    for (size_t i = 0; i < decision.inputs.size(); ++i) {
      if (!decision.dropped[i]) use(decision.inputs[i], decision.time);
    }
  }
  for (size_t id = 0; id < state_.readers.size(); ++id) {
    for (NodeId n : state_.readers[id]) {
      if (n >= last_) use(static_cast<ValueId>(id), n);
    }
    bool whole_life = state_.is_input[id] || state_.is_output[id] || state_.options.preserve_values;
    if (whole_life) use(static_cast<ValueId>(id), state_.node_count());
  }
}

void Sharing::decide() {
  std::vector<Decision*> by_time;
  for (NodeId n = first_; n < last_; ++n) {
    Decision& decision = decisions_[static_cast<size_t>(n)];
    if (decision.kind != Choice::none) by_time.push_back(&decision);
  }
  std::stable_sort(by_time.begin(), by_time.end(),
                   [](const Decision* a, const Decision* b) { return a->time < b->time; });
  for (Decision* decision : by_time) {
    if (decision->kind == Choice::view) share_view(*decision);
  }
  for (Decision* decision : by_time) {
    if (decision->kind == Choice::join) share_join(*decision);
  }
  if (state_.options.preserve_values) return;
  for (Decision* decision : by_time) {
    if (decision->kind == Choice::step) overwrite(*decision);
  }
}

/// True when the memory holds an input of the graph, which its user may write between runs.
bool Sharing::lives_with_input(ValueId id) const {
  for (ValueId member : groups_[static_cast<size_t>(group_of(id))].members) {
    if (state_.is_input[static_cast<size_t>(member)]) return true;
  }
  return false;
}

void Sharing::share_view(Decision& decision) {
  ValueId from = decision.inputs[static_cast<size_t>(decision.view.input)];
  for (size_t k = 0; k < decision.outputs.size(); ++k) {
    ValueId to = decision.outputs[k];
    int64_t offset = decision.view.offsets.empty() ? 0 : decision.view.offsets[k];
    if (share_part(from, to, offset)) continue;
    copies_[decision.node].push_back({from, to, offset, 0, bytes_of(to)});
  }
}

bool Sharing::share_part(ValueId from, ValueId to, int64_t offset) {
  if (group_of(from) < 0 || group_of(to) < 0) return false;
  if (state_.is_output[static_cast<size_t>(to)] && lives_with_input(from)) return false;
  bool whole = offset == 0 && bytes_of(to) == bytes_of(from);
  return merge(group_of(to), group_of(from), offset_of(from) + offset, whole);
}

bool Sharing::can_stand_inside(const Decision& decision, ValueId piece) const {
  if (piece == no_value || group_of(piece) < 0) return false;
  const MemoryGroup& group = groups_[static_cast<size_t>(group_of(piece))];
  bool alone = group.buffer < 0 && offset_of(piece) == 0 && group.size == bytes_of(piece);
  bool once = std::count(decision.inputs.begin(), decision.inputs.end(), piece) == 1;
  return alone && once && group_of(piece) != group_of(decision.outputs[0]) &&
         !lives_with_input(piece);
}

void Sharing::share_join(Decision& decision) {
  ValueId whole = decision.outputs[0];
  for (size_t k = 0; k < decision.inputs.size(); ++k) {
    ValueId piece = decision.inputs[k];
    int64_t offset = decision.join.offsets[k];
    bool inside = group_of(whole) >= 0 && can_stand_inside(decision, piece) &&
                  merge(group_of(piece), group_of(whole), offset_of(whole) + offset, false);
    if (!inside) copies_[decision.node].push_back({piece, whole, 0, offset, bytes_of(piece)});
  }
}

bool Sharing::may_overwrite(const Decision& decision, ValueId from, ValueId to) const {
  if (from == no_value || to == no_value || group_of(from) < 0 || group_of(to) < 0) return false;
  const MemoryGroup& source = groups_[static_cast<size_t>(group_of(from))];
  const MemoryGroup& target = groups_[static_cast<size_t>(group_of(to))];
  if (group_of(from) == group_of(to) || source.last != decision.time) return false;
  if (target.buffer >= 0 || target.first != decision.time || target.size > bytes_of(from))
    return false;
  if (offset_of(to) != 0) return false;
  // No other operand of the step may stand in the same memory.
  for (ValueId other : decision.outputs) {
    if (other != no_value && group_of(other) == group_of(from)) return false;
  }
  for (size_t i = 0; i < decision.inputs.size(); ++i) {
    ValueId other = decision.inputs[i];
    if (other == no_value || decision.dropped[i] || group_of(other) != group_of(from)) continue;
    if (other != from) return false;
    bool allowed = false;
    for (const auto& request : decision.requests.overwrites)
      allowed = allowed || (request.input == static_cast<int>(i) &&
                            decision.outputs[static_cast<size_t>(request.output)] == to);
    if (!allowed) return false;
  }
  return true;
}

void Sharing::overwrite(const Decision& decision) {
  for (const auto& request : decision.requests.overwrites) {
    ValueId from = decision.inputs[static_cast<size_t>(request.input)];
    ValueId to = decision.outputs[static_cast<size_t>(request.output)];
    if (may_overwrite(decision, from, to))
      merge(group_of(to), group_of(from), offset_of(from), true);
  }
}

/// A variable is changed by its readers, so nothing else may stand in its memory.
bool Sharing::holds_variable(const MemoryGroup& group) const {
  return std::any_of(group.members.begin(), group.members.end(),
                     [&](ValueId id) { return state_.value(id).is_variable; });
}

bool Sharing::merge(int from, int into, int64_t offset, bool even_if_larger) {
  MemoryGroup& source = groups_[static_cast<size_t>(from)];
  MemoryGroup& target = groups_[static_cast<size_t>(into)];
  if (from == into || source.buffer >= 0 || offset + source.size > target.size) return false;
  if (holds_variable(source) || holds_variable(target)) return false;
  bool counted = live_.size() <= max_counted;
  if (!counted && !even_if_larger) return false;
  int begin = std::max(std::min(source.first, target.first), first_);
  int end = std::max(source.last, target.last);
  int64_t peak_before = even_if_larger ? 0 : *std::max_element(live_.begin(), live_.end());
  auto inside = [](const MemoryGroup& g, int t) { return g.first <= t && t <= g.last; };
  auto change = [&](int sign) {
    for (int t = begin; counted && t <= end; ++t) {
      int64_t before = (inside(source, t) ? aligned_size(source.size) : 0) +
                       (inside(target, t) ? aligned_size(target.size) : 0);
      live_[static_cast<size_t>(t - first_)] += sign * (aligned_size(target.size) - before);
    }
  };
  change(1);
  if (!even_if_larger && *std::max_element(live_.begin(), live_.end()) > peak_before) {
    change(-1);
    return false;
  }
  target.first = std::min(source.first, target.first);
  target.last = end;
  for (ValueId id : source.members) {
    group_of_[static_cast<size_t>(id)] = into;
    offset_of_[static_cast<size_t>(id)] += offset;
    target.members.push_back(id);
  }
  source = {.buffer = source.buffer};
  return true;
}

}  // namespace wherry
