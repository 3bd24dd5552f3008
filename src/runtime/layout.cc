// Puts the groups of values that share memory into the arena and makes the steps.
#include "runtime/layout.h"

#include <algorithm>
#include <cstring>

#include "base/large_pages.h"
#include "ops/context.h"
#include "runtime/sharing.h"

namespace wherry {
namespace {

#ifdef NDEBUG
constexpr bool checks_plans = false;
#else
constexpr bool checks_plans = true;
#endif

class Layout {
 public:
  Layout(GraphState& state, int first, int last, std::vector<Decision>& decisions,
         std::vector<NodeReport>& reports, Segment& segment)
      : state_(state),
        first_(first),
        last_(last),
        decisions_(decisions),
        reports_(reports),
        segment_(segment),
        sharing_(state, first, last, decisions) {}

  Status run() {
    sharing_.decide();
    make_steps();
    add_groups();
    add_scratch();
    TRY(place_blocks());
    set_places();
    return {};
  }

 private:
  void make_steps();
  void make_step(Decision& decision);
  std::optional<Step> copy_step(const Decision& decision, PlannedStep& planned);
  void add_groups();
  void add_scratch();
  Status place_blocks();
  void set_places();
  void set_constant(ValueId id);

  GraphState& state_;
  int first_, last_;
  std::vector<Decision>& decisions_;
  std::vector<NodeReport>& reports_;
  Segment& segment_;
  Sharing sharing_;
  std::vector<int> buffer_of_;  ///< by group
};

void Layout::make_steps() {
  for (NodeId n = first_; n < last_; ++n) {
    Decision& decision = decisions_[static_cast<size_t>(n)];
    if (decision.kind != Choice::none) make_step(decision);
  }
  std::stable_sort(segment_.steps.begin(), segment_.steps.end(),
                   [](const PlannedStep& a, const PlannedStep& b) { return a.time < b.time; });
}

void Layout::make_step(Decision& decision) {
  PlannedStep step{.node = &state_.graph.nodes[static_cast<size_t>(decision.node)],
                   .time = decision.time,
                   .implementation = decision.implementation,
                   .results = decision.outputs};
  if (decision.kind == Choice::view || decision.kind == Choice::join) {
    step.step = copy_step(decision, step);
    if (!step.step) return;
    reports_[static_cast<size_t>(decision.node - first_)].fate = NodeReport::step;
  } else {
    step.step = std::move(decision.step);
    step.inputs = decision.inputs;
    step.outputs = decision.outputs;
    step.dropped = decision.dropped;
    step.infer_again = decision.infer_again;
    step.scratch_bytes = decision.requests.scratch;
  }
  segment_.steps.push_back(std::move(step));
}

/// A step that does the copies a view or join needs; none when everything is shared and nobody
/// observes.
std::optional<Step> Layout::copy_step(const Decision& decision, PlannedStep& planned) {
  struct Piece {
    int input, output;
    int64_t from, to, bytes;
  };
  std::vector<Piece> pieces;
  for (const Sharing::Copy& copy : sharing_.copies_of(decision.node)) {
    if (copy.bytes == 0) continue;
    int index = static_cast<int>(planned.inputs.size());
    pieces.push_back({index, index, copy.from_offset, copy.to_offset, copy.bytes});
    planned.inputs.push_back(copy.from);
    planned.outputs.push_back(copy.to);
  }
  planned.dropped.assign(planned.inputs.size(), false);
  if (pieces.empty() && !state_.options.observe_values) return std::nullopt;
  return Step([pieces = std::move(pieces)](const StepRun& run) {
    for (const Piece& piece : pieces)
      std::memcpy(run.output<std::byte>(piece.output) + piece.to,
                  run.input<std::byte>(piece.input) + piece.from, static_cast<size_t>(piece.bytes));
  });
}

void Layout::add_groups() {
  const auto& groups = sharing_.groups();
  buffer_of_.assign(groups.size(), -1);
  for (size_t g = 0; g < groups.size(); ++g) {
    const MemoryGroup& group = groups[g];
    if (group.buffer >= 0) {
      buffer_of_[g] = group.buffer;
      ArenaBuffer& buffer = state_.buffers[static_cast<size_t>(group.buffer)];
      buffer.last = std::max(buffer.first, group.last);
    } else if (!group.members.empty()) {
      buffer_of_[g] = static_cast<int>(state_.buffers.size());
      state_.buffers.push_back({.size = group.size,
                                .offset = MemoryBlock::unplaced,
                                .first = group.first,
                                .last = group.last});
    }
  }
}

void Layout::add_scratch() {
  for (PlannedStep& step : segment_.steps) {
    for (size_t bytes : step.scratch_bytes) {
      step.scratch.push_back(static_cast<int>(state_.buffers.size()));
      state_.buffers.push_back({.size = static_cast<int64_t>(bytes),
                                .offset = MemoryBlock::unplaced,
                                .first = step.time,
                                .last = step.time});
    }
  }
}

/// Finds offsets for the new buffers around the older ones that are still needed.
Status Layout::place_blocks() {
  std::vector<MemoryBlock> blocks;
  std::vector<size_t> which;
  for (size_t b = 0; b < state_.buffers.size(); ++b) {
    const ArenaBuffer& buffer = state_.buffers[b];
    if (buffer.last < first_) continue;
    blocks.push_back({buffer.size, std::max(buffer.first, first_), buffer.last, buffer.offset});
    which.push_back(b);
  }
  int64_t size = place(blocks, state_.arena_bytes);
  if (checks_plans) CHECK(conflicts_of(blocks).empty());
  for (size_t i = 0; i < blocks.size(); ++i) state_.buffers[which[i]].offset = blocks[i].offset;
  MemoryPeak peak = peak_of(blocks);
  if (peak.bytes > state_.peak.bytes) state_.peak = peak;
  size = std::max(size, state_.arena_bytes);
  bool fits = state_.options.max_bytes == 0 || size <= state_.options.max_bytes;
  ENSURE_CODE(ErrorCode::too_large, fits, "the graph ", quoted(state_.graph.name), " needs ",
              human_bytes(static_cast<uint64_t>(size)), " for its tensors, more than the limit of ",
              human_bytes(static_cast<uint64_t>(state_.options.max_bytes)));
  if (static_cast<size_t>(size) > state_.arena.size() || !state_.arena) {
    AlignedBuffer larger(static_cast<size_t>(size));
    ENSURE_CODE(ErrorCode::too_large, larger, "no memory for the ",
                human_bytes(static_cast<uint64_t>(size)), " that the tensors of the graph ",
                quoted(state_.graph.name), " need");
    prefer_large_pages({larger.data(), larger.size()});
    if (state_.arena_bytes)
      std::memcpy(larger.data(), state_.arena.data(), static_cast<size_t>(state_.arena_bytes));
    state_.arena = std::move(larger);
    state_.arena_moves += 1;
  }
  state_.arena_bytes = size;
  return {};
}

void Layout::set_constant(ValueId id) {
  const KnownValue& known = state_.known_of(id);
  if (known.state != KnownValue::known) return;
  state_.place(id) = {.kind = Place::constant, .bytes = static_cast<int64_t>(known.data.size())};
}

void Layout::set_places() {
  for (size_t id = 0; id < state_.places.size(); ++id) {
    ValueId value = static_cast<ValueId>(id);
    if (!sharing_.in_arena(value)) continue;
    const TensorType& type = state_.type(value);
    auto bytes = byte_size(type.dtype, type.shape.elements());
    state_.places[id] = {.kind = Place::arena,
                         .buffer = buffer_of_[static_cast<size_t>(sharing_.group_of(value))],
                         .offset = sharing_.offset_of(value),
                         .bytes = bytes ? *bytes : 0};
  }
  for (const PlannedStep& step : segment_.steps) {
    for (size_t i = 0; i < step.inputs.size(); ++i) {
      if (step.inputs[i] != no_value && !step.dropped[i]) set_constant(step.inputs[i]);
    }
    for (ValueId id : step.outputs) {
      if (id != no_value && state_.type(id).dtype == DType::string)
        state_.place(id).kind = Place::heap;
    }
  }
  for (ValueId id : state_.graph.outputs) set_constant(id);
  for (ValueId id : state_.graph.inputs) {
    if (state_.type(id).dtype == DType::string) state_.place(id).kind = Place::heap;
  }
}

}  // namespace

Status lay_out(GraphState& state, int first, int last, std::vector<Decision>& decisions,
               std::vector<NodeReport>& reports, Segment& segment) {
  return Layout(state, first, last, decisions, reports, segment).run();
}

namespace {

bool moves(GraphState& state, ValueId id) {
  return id != no_value && state.place(id).kind == Place::heap;
}

}  // namespace

void bind_step(GraphState& state, PlannedStep& step) {
  step.pointers.clear();
  step.input_views.clear();
  step.output_views.clear();
  step.moves = false;
  for (size_t i = 0; i < step.inputs.size(); ++i) {
    ValueId id = step.inputs[i];
    bool absent = id == no_value || step.dropped[i];
    step.moves = step.moves || moves(state, id);
    step.pointers.push_back(absent ? nullptr : state.data(id));
    step.input_views.push_back(absent ? TensorView{} : state.view(id));
  }
  for (size_t i = 0; i < step.outputs.size(); ++i) {
    ValueId id = step.outputs[i];
    step.moves = step.moves || moves(state, id);
    step.pointers.push_back(id == no_value ? nullptr : state.data(id));
    step.output_views.push_back(id == no_value ? TensorView{} : state.view(id));
  }
  for (int b : step.scratch)
    step.pointers.push_back(state.arena.data() + state.buffers[static_cast<size_t>(b)].offset);
}

void bind(GraphState& state, Segment& segment) {
  for (PlannedStep& step : segment.steps) bind_step(state, step);
}

}  // namespace wherry
