// Making interpreters; signatures, plans, profiles.
#include "wherry/interpreter.h"

#include <thread>

#include "api/internals.h"
#include "ops/opaque.h"
#include "runtime/support.h"

namespace wherry {
namespace v1 {
namespace {

using std::chrono::duration_cast;
using std::chrono::nanoseconds;

void note_step(void* owner, const StepEvent& event) {
  auto& state = *static_cast<Interpreter::State*>(owner);
  int64_t now =
      duration_cast<nanoseconds>(std::chrono::steady_clock::now() - state.run_start).count();
  const std::vector<Graph>& graphs = state.internal().graphs;
  StepTime& time = state.profile.emplace_back();
  time.graph = static_cast<int>(&event.graph - graphs.data());
  time.node = static_cast<int>(&event.node - event.graph.nodes.data());
  time.op = op::name_of(event.node);
  time.implementation = std::string(event.implementation);
  time.start_ns = now - event.nanoseconds;
  time.duration_ns = event.nanoseconds;
}

/// A runner of a graph whose inputs and outputs are those of the graph.
std::shared_ptr<Runner::Implementation> plain_runner(std::shared_ptr<Interpreter::State> state,
                                                     int index) {
  auto runner = std::make_shared<Runner::Implementation>();
  const Graph& graph = state->graph(index);
  runner->graph = index;
  runner->inputs = graph.inputs;
  runner->outputs = graph.outputs;
  for (size_t i = 0; i < graph.inputs.size(); ++i) {
    runner->positions.push_back(static_cast<int>(i));
    runner->input_names.push_back(graph.value(graph.inputs[i]).name);
  }
  for (ValueId id : graph.outputs) runner->output_names.push_back(graph.value(id).name);
  runner->state = std::move(state);
  return runner;
}

/// Signature names instead of tensor names, where the only signature of the graph has them.
void take_names(Runner::Implementation& runner) {
  const Signature* only = nullptr;
  for (const Signature& signature : runner.state->internal().signatures) {
    if (signature.graph != runner.graph) continue;
    if (only) return;
    only = &signature;
  }
  if (!only) return;
  auto rename = [](const auto& entries, const auto& ids, auto& names) {
    for (size_t i = 0; i < ids.size(); ++i) {
      for (const Signature::Entry& entry : entries) {
        if (entry.value == ids[i] && !entry.name.empty()) names[i] = entry.name;
      }
    }
  };
  rename(only->inputs, runner.inputs, runner.input_names);
  rename(only->outputs, runner.outputs, runner.output_names);
}

}  // namespace

Interpreter::Interpreter(std::shared_ptr<State> state, std::shared_ptr<Implementation> main)
    : Runner(std::move(main)), state_(std::move(state)) {}

Expected<Interpreter> Interpreter::create(const Model& model, const InterpreterOptions& options) {
  const Expected<Cpu>& cpu = wherry::cpu::available();
  if (!cpu) return Error(cpu.error());
  ENSURE_CODE(ErrorCode::usage, options.threads >= 0 && options.threads <= 1024,
              "the number of threads must be 0 to 1024, got ", options.threads);
  ENSURE_CODE(ErrorCode::usage, options.max_memory_bytes >= 0 && options.max_steps >= 0,
              "limits must not be negative");
  TRY(check_support(model.implementation().model()));
  SessionOptions session;
  session.plan.fast = options.kernels == Kernels::fast;
  session.plan.preserve_values = options.preserve_tensors;
  session.plan.cpu = *cpu;
  session.plan.threads = static_cast<size_t>(
      options.threads ? options.threads : std::max(1u, std::thread::hardware_concurrency()));
  if (options.max_memory_bytes) session.plan.max_bytes = options.max_memory_bytes;
  if (options.max_steps) session.max_steps = options.max_steps;
  auto state = std::make_shared<State>(model);
  state->session = std::make_unique<Session>(model.implementation().shared, session);
  auto main = plain_runner(state, 0);
  take_names(*main);
  return Interpreter(std::move(state), std::move(main));
}

Expected<Interpreter> Interpreter::create(const Expected<Model>& model,
                                          const InterpreterOptions& options) {
  if (!model) return Error(model.error());
  return create(*model, options);
}

Expected<Runner> Interpreter::signature(std::string_view key) {
  std::vector<std::string_view> keys;
  for (const Signature& signature : state_->internal().signatures) {
    keys.push_back(signature.key);
    if (signature.key != key) continue;
    auto runner = plain_runner(state_, signature.graph);
    std::vector<ValueId> graph_inputs = runner->inputs;
    runner->inputs.clear(), runner->outputs.clear(), runner->positions.clear();
    runner->input_names.clear(), runner->output_names.clear();
    for (const Signature::Entry& entry : signature.inputs) {
      auto place = std::find(graph_inputs.begin(), graph_inputs.end(), entry.value);
      CHECK(place != graph_inputs.end());  // verified when loading
      runner->positions.push_back(static_cast<int>(place - graph_inputs.begin()));
      runner->inputs.push_back(entry.value);
      runner->input_names.push_back(entry.name);
    }
    for (const Signature::Entry& entry : signature.outputs) {
      runner->outputs.push_back(entry.value);
      runner->output_names.push_back(entry.name);
    }
    return Runner(std::move(runner));
  }
  Error error{.code = ErrorCode::usage, .message = cat("the model has no signature ", quoted(key))};
  error.advice = keys.empty() ? "it has none: use the inputs and outputs of the interpreter"
                              : cat("its signatures are ", keys);
  return error;
}

Expected<Runner> Interpreter::graph(int index) {
  int count = static_cast<int>(state_->internal().graphs.size());
  ENSURE_CODE(ErrorCode::usage, index >= 0 && index < count, "the model has no graph ", index,
              "; it has ", count);
  auto runner = plain_runner(state_, index);
  take_names(*runner);
  return Runner(std::move(runner));
}

void Interpreter::reset_variables() { state_->session->reset_variables(); }

void Interpreter::cancel() { state_->session->cancel(); }

std::string_view Interpreter::cpu() const {
  return wherry::cpu::name(state_->session->options().plan.cpu);
}

int Interpreter::threads() const { return static_cast<int>(state_->session->pool().threads()); }

void Interpreter::set_profiling(bool on) {
  state_->session->listen(on ? &note_step : nullptr, state_.get());
}

const std::vector<StepTime>& Interpreter::profile() const { return state_->profile; }

namespace {

std::string_view fate_name(NodeReport::Fate fate) {
  constexpr std::string_view names[] = {"step", "view", "join", "folded", "unused", "absorbed"};
  return names[static_cast<size_t>(fate)];
}

void add_plan(const GraphRunner& runner, std::vector<NodePlan>& plan) {
  const Graph& graph = runner.graph();
  size_t base = plan.size();
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    NodePlan& node = plan.emplace_back();
    node.graph = runner.index();
    node.node = static_cast<int>(n);
    node.op = op::name_of(graph.nodes[n]);
    node.fate = "unplanned";
  }
  for (const Segment& segment : runner.segments()) {
    for (const NodeReport& report : segment.reports) {
      NodePlan& node = plan[base + static_cast<size_t>(report.node)];
      node.fate = std::string(fate_name(report.fate));
      node.implementation = std::string(report.implementation);
      node.absorbed_by = report.absorbed_by;
      for (const Refusal& refusal : report.refusals)
        node.refusals.push_back({std::string(refusal.implementation), refusal.reason});
    }
  }
}

}  // namespace

std::vector<NodePlan> Interpreter::plan() const {
  std::vector<NodePlan> plan;
  for (const GraphRunner* runner : state_->session->planned()) add_plan(*runner, plan);
  return plan;
}

MemoryPlan Interpreter::memory(int graph) const {
  MemoryPlan plan;
  const GraphRunner* runner = nullptr;
  for (const GraphRunner* candidate : state_->session->planned()) {
    if (candidate->index() == graph) runner = candidate;
  }
  if (!runner) return plan;
  const GraphState& state = runner->state();
  plan.arena_bytes = state.arena_bytes;
  plan.peak_bytes = state.peak.bytes;
  plan.peak_node = state.peak.time;
  std::vector<bool> scratch(state.buffers.size(), true);
  auto add = [&](int tensor, size_t buffer, int64_t offset, int64_t bytes) {
    const ArenaBuffer& memory = state.buffers[buffer];
    scratch[buffer] = false;
    plan.tensors.push_back({tensor, memory.offset + offset, bytes, memory.first, memory.last});
    plan.sum_bytes += bytes;
  };
  for (size_t id = 0; id < state.places.size(); ++id) {
    const Place& place = state.places[id];
    if (place.kind == Place::arena)
      add(static_cast<int>(id), static_cast<size_t>(place.buffer), place.offset, place.bytes);
  }
  for (size_t b = 0; b < scratch.size(); ++b) {
    if (scratch[b]) add(-1, b, 0, state.buffers[b].size);
  }
  return plan;
}

}  // namespace v1
}  // namespace wherry
