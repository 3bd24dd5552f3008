// First half of planning: types and shapes node by node, and folding of what is constant.
#include <algorithm>

#include "ops/context.h"
#include "ops/evaluate.h"
#include "runtime/node_context.h"

namespace wherry {
namespace {

/// Results up to this size are folded at once; larger ones when somebody asks.
constexpr int64_t small_bytes = 64 * 1024;
/// Results larger than this multiple of what they are made of are computed at each run.
constexpr int64_t growth_limit = 16;
/// Folding on demand nests no deeper than this.
constexpr uint8_t max_depth = 32;

}  // namespace

Status SegmentPlanner::walk_types() {
  for (last_ = first_; last_ < state_.node_count(); ++last_) {
    auto goes_on = walk_node(last_);
    if (!goes_on) return located(std::move(goes_on).error(), last_);
    if (!*goes_on) break;
  }
  return {};
}

/// False where planning has to stop.
Expected<bool> SegmentPlanner::walk_node(NodeId n) {
  const Node& node = state_.graph.nodes[static_cast<size_t>(n)];
  NodeReport report{.node = n};
  if (!state_.live[static_cast<size_t>(n)]) {
    report.fate = NodeReport::unused;
    report.implementation = "";
  } else if (n != first_ || !inferred_) {
    if (!TRY(infer_node(n))) return false;
    if (foldable(node) && decision(n).kind == Choice::none) {
      // Folded: infer_node has entered the results.
      report.fate = NodeReport::folded;
      report.implementation = "";
    }
  } else {
    decision(n).kind = Choice::reference;
  }
  reports_.push_back(std::move(report));
  return true;
}

TensorView SegmentPlanner::operand(ValueId id) {
  if (id == no_value) return {};
  KnownValue& known = state_.known_of(id);
  const Value& value = state_.value(id);
  bool cheap = value.constant && !value.sparsity && !value.constant.is_deferred();
  if (known.state == KnownValue::lazy && cheap && trouble_) trouble_ = materialise(id);
  TensorView view{&state_.type(id), nullptr, 0};
  if (known.state == KnownValue::known) {
    view.data = const_cast<std::byte*>(known.data.bytes().data());
    view.bytes = known.data.size();
  }
  return view;
}

Expected<bool> SegmentPlanner::infer_node(NodeId n) {
  const Node& node = state_.graph.nodes[static_cast<size_t>(n)];
  for (ValueId id : node.outputs) {
    if (id == no_value) return false;  // its memory is found while running
  }
  for (bool again = false;; again = true) {
    std::vector<TensorView> operands;
    for (ValueId id : node.inputs) operands.push_back(operand(id));
    TRY(std::move(trouble_));
    std::vector<TensorType> declared;
    for (ValueId id : node.outputs) declared.push_back(state_.value(id).type);
    InferContext context(&state_.shared.model, &state_.graph, node, std::move(operands),
                         std::move(declared));
    Status status = infer(context);
    bool needs_values = !status && status.error().code == ErrorCode::needs_values;
    if (!needs_values) TRY(std::move(status));
    bool all_known = !needs_values;
    for (int i = 0; all_known && i < context.output_count(); ++i)
      all_known = context.state(i) == InferContext::State::known;
    if ((needs_values || context.missed_values()) && !again) {
      // Values that folding can give are computed now, then infer is asked once more.
      bool more = false;
      for (ValueId id : node.inputs) {
        if (id == no_value || state_.known_of(id).state != KnownValue::lazy) continue;
        TRY(materialise(id));
        more = true;
      }
      if (more) continue;
    }
    if (!all_known) {
      if (needs_values || !foldable(node)) return false;
      TRY(fold_now(n));
      return true;
    }
    for (int i = 0; i < context.output_count(); ++i) {
      ValueId id = node.outputs[static_cast<size_t>(i)];
      state_.type(id) = context.outputs()[static_cast<size_t>(i)];
      state_.type(id).signature = {};
    }
    infer_again_[n] = context.missed_values();
    decision(n).kind = Choice::reference;
    if (foldable(node)) TRY(fold(n));
    return true;
  }
}

bool SegmentPlanner::foldable(const Node& node) const {
  if (node.op->effects != Effects::pure || node.outputs.empty()) return false;
  for (ValueId id : node.outputs) {
    if (id == no_value) return false;
  }
  if (node.op->reads_types_only) return true;
  for (ValueId id : node.inputs) {
    if (id != no_value && state_.known[static_cast<size_t>(id)].state == KnownValue::unknown)
      return false;
  }
  return true;
}

int64_t SegmentPlanner::input_bytes(const Node& node) const {
  int64_t bytes = 0;
  for (ValueId id : node.inputs) {
    if (id == no_value) continue;
    auto size = byte_size(state_.types[static_cast<size_t>(id)].dtype,
                          state_.types[static_cast<size_t>(id)].shape.elements());
    if (size) bytes += *size;
  }
  return bytes;
}

/// Decides about a node whose result follows from constants; leaves large results for later.
Status SegmentPlanner::fold(NodeId n) {
  const Node& node = state_.graph.nodes[static_cast<size_t>(n)];
  int64_t bytes = 0;
  bool strings = false, shape_dependent = node.op->reads_types_only;
  for (ValueId id : node.outputs) {
    const TensorType& type = state_.type(id);
    bytes += TRY(byte_size(type.dtype, type.shape.elements()));
    strings = strings || type.dtype == DType::string;
  }
  uint8_t depth = 1;
  for (ValueId id : node.inputs) {
    if (id == no_value) continue;
    shape_dependent = shape_dependent || state_.known_of(id).shape_dependent;
    depth = std::max<uint8_t>(depth, state_.known_of(id).depth + 1);
  }
  int64_t source = node.op->reads_types_only ? 0 : input_bytes(node);
  if (bytes > small_bytes && bytes > growth_limit * source) return {};
  if (strings || bytes <= small_bytes || depth > max_depth) return fold_now(n);
  decision(n).kind = Choice::none;
  for (ValueId id : node.outputs)
    state_.known_of(id) = {KnownValue::lazy, shape_dependent, depth, {}};
  return {};
}

/// A reshaped constant is the same bytes.
bool SegmentPlanner::fold_as_view(NodeId n) {
  const Node& node = state_.graph.nodes[static_cast<size_t>(n)];
  if (!state_.options.fast || node.op->reads_types_only) return false;
  for (const Implementation* implementation : implementations_of(*node.op)) {
    NodeContext context(*this, node);
    PlanResult result = implementation->plan(context);
    const View* view = std::get_if<View>(&result);
    if (!view || !trouble_) continue;
    ValueId from = context.input_id(view->input);
    if (!materialise(from)) return false;
    const Constant whole = state_.known_of(from).data;
    for (size_t k = 0; k < node.outputs.size(); ++k) {
      const TensorType& type = state_.type(node.outputs[k]);
      auto bytes = byte_size(type.dtype, type.shape.elements());
      size_t offset = view->offsets.empty() ? 0 : static_cast<size_t>(view->offsets[k]);
      CHECK(bytes && offset + static_cast<size_t>(*bytes) <= whole.size());
      Constant part(whole.owner(), whole.bytes().subspan(offset, static_cast<size_t>(*bytes)));
      state_.known_of(node.outputs[k]) = {KnownValue::known, state_.known_of(from).shape_dependent,
                                          state_.known_of(node.outputs[k]).depth, part};
    }
    return true;
  }
  return false;
}

/// Large files have large weights: their float form may be as much larger as that of small ones.
int64_t SegmentPlanner::fold_limit(const Node& node) const {
  int64_t stored = 0;
  for (ValueId id : node.inputs)
    stored += id == no_value ? 0 : static_cast<int64_t>(state_.value(id).constant.size());
  const int64_t limit = std::max(state_.options.max_fold_bytes, growth_limit * stored);
  return state_.options.max_bytes > 0 ? std::min(state_.options.max_bytes, limit) : limit;
}

Status SegmentPlanner::fold_now(NodeId n) {
  const Node& node = state_.graph.nodes[static_cast<size_t>(n)];
  decision(n).kind = Choice::none;
  if (fold_as_view(n)) return {};
  bool shape_dependent = node.op->reads_types_only;
  std::vector<TensorView> inputs;
  for (ValueId id : node.inputs) {
    if (id != no_value && !node.op->reads_types_only) TRY(materialise(id));
    inputs.push_back(operand(id));
    shape_dependent = shape_dependent || (id != no_value && state_.known_of(id).shape_dependent);
  }
  std::vector<Tensor> outputs =
      TRY(evaluate_node(state_.graph, node, inputs, {}, fold_limit(node)));
  for (size_t i = 0; i < outputs.size(); ++i) {
    ValueId id = node.outputs[i];
    state_.type(id) = outputs[i].type;
    state_.type(id).signature = {};
    auto held = std::make_shared<AlignedBuffer>(std::move(outputs[i].buffer));
    state_.known_of(id) = {KnownValue::known, shape_dependent, state_.known_of(id).depth,
                           Constant(held, {held->data(), held->size()})};
  }
  return {};
}

Status SegmentPlanner::materialise(ValueId id) {
  KnownValue& known = state_.known_of(id);
  if (known.state != KnownValue::lazy) return {};
  NodeId producer = state_.producers[static_cast<size_t>(id)];
  if (producer != no_node) {
    auto status = fold_now(producer);
    if (!status) return located(std::move(status).error(), producer);
    return {};
  }
  auto dense = state_.shared.constants.dense(state_.value(id));
  if (!dense) return std::move(dense).error();
  known.data = std::move(*dense);
  known.state = KnownValue::known;
  return {};
}

}  // namespace wherry
