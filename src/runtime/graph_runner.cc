// Executes the steps of a plan; where shapes follow from values, plans on as they become known.
#include "runtime/graph_runner.h"

#include <chrono>
#include <cstring>

#include "ops/context.h"
#include "runtime/layout.h"
#include "runtime/segment_planner.h"
#include "runtime/session.h"

namespace wherry {

GraphRunner::GraphRunner(Session& session, int graph)
    : session_(session),
      index_(graph),
      graph_(session.shared().model.graphs[static_cast<size_t>(graph)]) {}

Status GraphRunner::prepare(std::vector<Shape> shapes) {
  ENSURE_CODE(ErrorCode::invalid_data, shapes.size() == graph_.inputs.size(), "the graph ",
              quoted(graph_.name), " takes ", graph_.inputs.size(), " inputs, got ", shapes.size());
  if (prepared_ && shapes == shapes_) return {};
  prepared_ = false;
  shapes_ = std::move(shapes);
  TRY(plan_from_start());
  prepared_ = true;
  return {};
}

Status GraphRunner::plan_from_start() {
  ran_ = false;
  // The old steps keep packed constants alive until the new ones share them.
  std::vector<Segment> old = std::move(segments_);
  segments_.clear();
  state_ = std::make_unique<GraphState>(session_.shared(), index_, session_.options().plan);
  arena_moves_ = 0;
  for (size_t i = 0; i < graph_.inputs.size(); ++i) {
    TensorType& type = state_->type(graph_.inputs[i]);
    type.shape = shapes_[i];
    type.signature = {};
    auto bytes = type.shape.checked_elements();
    if (bytes) bytes = byte_size(type.dtype, *bytes);
    if (!bytes) {
      return std::move(bytes).error();
    }
    if (type.dtype == DType::string) state_->place(graph_.inputs[i]).kind = Place::heap;
  }
  for (size_t id = 0; id < graph_.values.size(); ++id) {
    const Value& value = graph_.values[id];
    if (state_->is_input[id]) continue;
    if (value.constant) {
      state_->known[id].state = KnownValue::lazy;
    } else if (value.is_variable && state_->producers[id] == no_node) {
      TensorView view = TRY(session_.variable(value));
      state_->variables[static_cast<ValueId>(id)] = view;
      state_->places[id] = {.kind = Place::variable, .bytes = static_cast<int64_t>(view.bytes)};
    }
  }
  TRY(plan_segment(0, false));
  session_.fill_new_variables();
  for (ValueId id : graph_.inputs) {
    const Constant& initial = state_->value(id).constant;
    TensorView view = state_->view(id);
    if (initial && initial.size() == view.bytes && view.bytes)
      std::memcpy(view.data, initial.bytes().data(), view.bytes);
  }
  return {};
}

Status GraphRunner::plan_segment(int first, bool inferred) {
  segments_.push_back(TRY(SegmentPlanner(*state_, first, inferred).plan()));
  if (state_->arena_moves != arena_moves_)
    bind_all();
  else
    bind(*state_, segments_.back());
  return {};
}

void GraphRunner::bind_all() {
  for (Segment& segment : segments_) bind(*state_, segment);
  arena_moves_ = state_->arena_moves;
}

TensorView GraphRunner::input(int i) { return state_->view(graph_.inputs[static_cast<size_t>(i)]); }

Status GraphRunner::set_strings(int i, std::span<const std::byte> bytes) {
  ValueId id = graph_.inputs[static_cast<size_t>(i)];
  AlignedBuffer buffer(bytes.size());
  ENSURE_CODE(ErrorCode::too_large, buffer, "no memory for ", bytes.size(), " bytes of strings");
  if (!bytes.empty()) std::memcpy(buffer.data(), bytes.data(), bytes.size());
  state_->heap[id] = std::move(buffer);
  state_->place(id).bytes = static_cast<int64_t>(bytes.size());
  return {};
}

TensorView GraphRunner::value(ValueId id) {
  if (!state_) return {&graph_.value(id).type, nullptr, 0};
  bool there = ran_ || state_->place(id).kind == Place::constant ||
               state_->is_input[static_cast<size_t>(id)] ||
               state_->place(id).kind == Place::variable;
  if (!there) return {&state_->type(id), nullptr, 0};
  return state_->view(id);
}

Status GraphRunner::run() {
  CHECK(prepared_);
  ran_ = false;
  contents_.clear();
  for (size_t k = 0;; ++k) {
    TRY(run_segment(k));
    if (segments_[k].last >= state_->node_count()) break;
    TRY(pass_stop(k));
  }
  ran_ = true;
  return {};
}

Status GraphRunner::run_segment(size_t k) {
  bool watched = session_.watched();
  for (PlannedStep& step : segments_[k].steps) {
    Status status = session_.spend_step();
    if (status) status = watched ? run_watched(step) : run_step(step);
    if (!status) [[unlikely]]
      return state_->located(std::move(status).error(), *step.node);
  }
  return {};
}

Status GraphRunner::run_step(PlannedStep& step) {
  if (step.moves) bind_step(*state_, step);
  return step.step ? run_fast(step) : run_reference(step);
}

Status GraphRunner::run_fast(PlannedStep& step) {
  std::unique_ptr<Error> error;
  std::byte* const* inputs = step.pointers.data();
  std::byte* const* outputs = inputs + step.inputs.size();
  StepRun run(inputs, outputs, outputs + step.outputs.size(), session_.pool(), error);
  step.step->run(run);
  if (error) [[unlikely]]
    return std::move(*error);
  return {};
}

namespace {

struct AllocationOwner {
  GraphRunner* runner;
  PlannedStep* step;
};

}  // namespace

/// Memory for an output whose size only the reference kernel knows.
Status GraphRunner::allocate(void* owner, Call& call, int i, const Shape& shape, size_t bytes) {
  auto [runner, step] = *static_cast<AllocationOwner*>(owner);
  GraphState& state = *runner->state_;
  ValueId id = step->outputs[static_cast<size_t>(i)];
  int64_t limit = state.options.max_bytes;
  ENSURE_CODE(ErrorCode::too_large, limit == 0 || static_cast<int64_t>(bytes) <= limit,
              "a result of ", human_bytes(bytes), " is larger than the limit of ",
              human_bytes(static_cast<uint64_t>(limit)));
  if (id == no_value) {
    Tensor& hidden = step->hidden[static_cast<size_t>(i)];
    TensorType type = hidden.type;
    type.shape = shape;
    hidden = TRY(Tensor::sized(std::move(type), bytes));
    call.output(i) = hidden.view();
    return {};
  }
  Place& place = state.place(id);
  ENSURE_CODE(ErrorCode::invalid_data, step->dynamic || shape == state.type(id).shape,
              "the result has the shape ", shape, " where ", state.type(id).shape, " was planned");
  if (place.kind != Place::heap) {
    ENSURE_CODE(ErrorCode::invalid_data, static_cast<int64_t>(bytes) == place.bytes,
                "the result has ", bytes, " bytes where ", place.bytes, " were planned");
    return {};
  }
  AlignedBuffer buffer(bytes);
  ENSURE_CODE(ErrorCode::too_large, buffer, "no memory for a result of ", human_bytes(bytes));
  state.heap[id] = std::move(buffer);
  state.type(id).shape = shape;
  place.bytes = static_cast<int64_t>(bytes);
  call.output(i) = state.view(id);
  return {};
}

Status GraphRunner::run_reference(PlannedStep& step) {
  if (step.infer_again) TRY(infer_again(step));
  for (size_t i = 0; i < step.outputs.size(); ++i) {
    ValueId id = step.outputs[i];
    TensorView& view = step.output_views[i];
    bool string = id != no_value && state_->type(id).dtype == DType::string;
    if (string) view = {&state_->type(id), nullptr, 0};
    // Some kernels add to what is there.
    if (view.data && view.bytes) std::memset(view.data, 0, view.bytes);
  }
  AllocationOwner owner{this, &step};
  Call call(graph_, *step.node, session_, step.input_views, step.output_views, &allocate, &owner);
  return step.node->op->reference(call);
}

/// Checks the values of a node whose shapes were planned without them.
Status GraphRunner::infer_again(const PlannedStep& step) {
  std::vector<TensorType> declared;
  for (ValueId id : step.outputs) declared.push_back(state_->value(id).type);
  InferContext context(&session_.model(), &graph_, *step.node, step.input_views,
                       std::move(declared));
  TRY(infer(context));
  for (size_t i = 0; i < step.outputs.size(); ++i) {
    const Shape& planned = state_->type(step.outputs[i]).shape;
    ENSURE_CODE(ErrorCode::invalid_data,
                context.state(static_cast<int>(i)) == InferContext::State::known &&
                    context.outputs()[i].shape == planned,
                "the values ask for the shape ", context.outputs()[i].shape, " where ", planned,
                " was planned");
  }
  return {};
}

Status GraphRunner::run_watched(PlannedStep& step) {
  if (step.moves) bind_step(*state_, step);
  bool checks = session_.options().plan.check_memory;
  if (checks) TRY(check_contents(step));
  auto start = std::chrono::steady_clock::now();
  TRY(step.step ? run_fast(step) : run_reference(step));
  auto took = std::chrono::steady_clock::now() - start;
  session_.report(StepEvent{graph_, *step.node, step.implementation,
                            std::chrono::duration_cast<std::chrono::nanoseconds>(took).count()});
  if (checks) note_contents(step);
  for (ValueId id : step.results) {
    if (id != no_value) session_.report(graph_, id, state_->view(id));
  }
  return {};
}

namespace {

uint64_t sum_over(const TensorView& view) {
  uint64_t sum = 14695981039346656037u;
  for (size_t i = 0; i < view.bytes; ++i)
    sum = (sum ^ static_cast<uint64_t>(view.data[i])) * 1099511628211u;
  return sum;
}

}  // namespace

void GraphRunner::note_contents(const PlannedStep& step) {
  for (ValueId id : step.outputs) {
    if (id != no_value) contents_[id] = sum_over(state_->view(id));
  }
}

Status GraphRunner::check_contents(const PlannedStep& step) const {
  for (size_t i = 0; i < step.inputs.size(); ++i) {
    if (step.inputs[i] == no_value || step.dropped[i]) continue;
    auto noted = contents_.find(step.inputs[i]);
    ENSURE_CODE(ErrorCode::internal,
                noted == contents_.end() || noted->second == sum_over(state_->view(step.inputs[i])),
                "the value ", quoted(state_->value(step.inputs[i]).name),
                " changed between being computed and being read");
  }
  return {};
}

bool GraphRunner::needs_running(const InferContext& context) {
  for (int i = 0; i < context.output_count(); ++i) {
    bool absent = context.node().outputs[static_cast<size_t>(i)] == no_value;
    if (absent || context.state(i) != InferContext::State::known) return true;
  }
  return false;
}

/// Finds out the shapes that planning segment k had to stop for, and plans on when they are new.
Status GraphRunner::pass_stop(size_t k) {
  int n = segments_[k].last;
  const Node& node = graph_.nodes[static_cast<size_t>(n)];
  TRY(session_.spend_step());
  std::vector<TensorView> operands;
  std::vector<TensorType> declared;
  for (ValueId id : node.inputs)
    operands.push_back(id == no_value ? TensorView{} : state_->view(id));
  for (ValueId id : node.outputs)
    declared.push_back(id == no_value ? TensorType{} : state_->value(id).type);
  InferContext context(&session_.model(), &graph_, node, std::move(operands), std::move(declared));
  Status status = infer(context);
  if (!status) return state_->located(std::move(status).error(), node);
  std::vector<Shape> shapes;
  if (!needs_running(context)) {
    for (const TensorType& type : context.outputs()) shapes.push_back(type.shape);
    bool same =
        segments_.size() > k + 1 && segments_[k + 1].by_values && segments_[k + 1].entry == shapes;
    if (same) return {};
    drop_segments_after(k, false);
    for (size_t i = 0; i < node.outputs.size(); ++i) {
      state_->type(node.outputs[i]) = context.outputs()[i];
      state_->type(node.outputs[i]).signature = {};
    }
    return enter(n, true, std::move(shapes));
  }
  status = run_dynamic(context, n);
  if (!status) return state_->located(std::move(status).error(), node);
  for (ValueId id : node.outputs)
    shapes.push_back(id == no_value ? Shape() : state_->type(id).shape);
  bool same =
      segments_.size() > k + 1 && !segments_[k + 1].by_values && segments_[k + 1].entry == shapes;
  if (same) return {};
  drop_segments_after(k, true);
  TRY(enter(n + 1, false, std::move(shapes)));
  segments_.back().reports.insert(segments_.back().reports.begin(), NodeReport{.node = n});
  return {};
}

/// Runs the node on which planning waits with outputs of their own memory.
Status GraphRunner::run_dynamic(const InferContext& context, int n) {
  const Node& node = context.node();
  PlannedStep step{.node = &node,
                   .time = n,
                   .inputs = node.inputs,
                   .outputs = node.outputs,
                   .results = node.outputs};
  step.dropped.assign(step.inputs.size(), false);
  step.dynamic = true;
  step.hidden.resize(node.outputs.size());
  for (size_t i = 0; i < node.outputs.size(); ++i) {
    ValueId id = node.outputs[i];
    TensorType type = context.outputs()[i];
    type.signature = {};
    bool known = context.state(static_cast<int>(i)) == InferContext::State::known &&
                 type.dtype != DType::string;
    Tensor tensor{type, {}};
    if (known) tensor = TRY(Tensor::zeros(type));
    if (id == no_value) {
      step.hidden[i] = std::move(tensor);
      continue;
    }
    state_->type(id) = std::move(type);
    state_->place(id) = {.kind = Place::heap, .bytes = static_cast<int64_t>(tensor.buffer.size())};
    state_->heap[id] = std::move(tensor.buffer);
  }
  bind_step(*state_, step);
  for (size_t i = 0; i < node.outputs.size(); ++i) {
    if (node.outputs[i] == no_value) step.output_views[i] = step.hidden[i].view();
  }
  return session_.watched() ? run_watched(step) : run_reference(step);
}

Status GraphRunner::enter(int first, bool by_values, std::vector<Shape> shapes) {
  TRY(plan_segment(first, by_values));
  segments_.back().by_values = by_values;
  segments_.back().entry = std::move(shapes);
  return {};
}

/// `dynamic`: the node that planning waits for has just been run, its results stay.
void GraphRunner::drop_segments_after(size_t k, bool dynamic) {
  int first = segments_[k].last;
  segments_.resize(k + 1);
  for (int n = first; n < state_->node_count(); ++n) {
    for (ValueId id : graph_.nodes[static_cast<size_t>(n)].outputs) {
      if (id == no_value || (n == first && dynamic)) continue;
      state_->place(id) = {};
      state_->known_of(id) = {};
    }
  }
  state_->buffers.resize(segments_[k].buffers);
}

}  // namespace wherry
