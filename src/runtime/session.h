// Runs the graphs of a model with the fast or the reference kernels, and keeps their state.
#pragma once

#include <atomic>
#include <set>

#include "ops/environment.h"
#include "ops/evaluate.h"
#include "runtime/graph_runner.h"

namespace wherry {

/// One executed step, for profiles.
struct StepEvent {
  const Graph& graph;
  const Node& node;
  std::string_view implementation;
  int64_t nanoseconds;  ///< includes the graphs that the node ran
};

struct SessionOptions {
  PlanOptions plan;
  int64_t max_steps = int64_t{1} << 40;  ///< nodes executed in one run, loops included
  int max_depth = 32;                    ///< nesting of graphs called by graphs
};

/// Everything one interpreter owns: threads, variables, resources, and a runner for each graph in
/// use. Belongs to one thread at a time, but for cancel().
class Session final : public Environment {
 public:
  Session(std::shared_ptr<const SharedModel> shared, SessionOptions options);

  /// The runner of a graph that the user feeds; not planned yet when new.
  GraphRunner& runner(int graph);
  /// Runs it once, with a fresh budget of steps. Errors of nodes name them in `where`.
  Status run(GraphRunner& runner);
  /// Plans and runs a graph on these inputs, and copies its outputs: as Evaluator::run.
  Expected<std::vector<Tensor>> run(std::span<const TensorView> inputs, int graph = 0);
  /// Stops the run under way at its next step, and every later one until it is taken back; from any
  /// thread.
  void cancel(bool stop = true) { cancelled_.store(stop, std::memory_order_relaxed); }
  /// Variables (recurrent state) get their initial contents; resources stay.
  void reset_variables();

  /// The observer sees what steps compute; with `observe_values`, the results of views and joins as
  /// well. Not the inputs, nor what is known before running.
  void observe(Observer observer, void* owner) { observer_ = observer, observer_owner_ = owner; }
  using Listener = void (*)(void* owner, const StepEvent& event);
  void listen(Listener listener, void* owner) { listener_ = listener, listener_owner_ = owner; }

  /// One runner for each graph that has been planned, in their order.
  std::vector<const GraphRunner*> planned() const;

  const SharedModel& shared() const { return *shared_; }
  const SessionOptions& options() const { return options_; }
  ThreadPool& pool() { return pool_; }
  /// The memory of a variable, made when first asked for. Nothing is in it before
  /// fill_new_variables(): a file may declare a huge one that its operator then refuses.
  /// Errors: too_large, for variables beyond the limit of the plan.
  Expected<TensorView> variable(const Value& value);
  /// Gives variables made since the last call their initial contents.
  void fill_new_variables();
  bool watched() const { return observer_ || listener_ || options_.plan.check_memory; }
  void report(const Graph& graph, ValueId id, const TensorView& view) const {
    if (observer_) observer_(observer_owner_, graph, id, view);
  }
  void report(const StepEvent& event) const {
    if (listener_) listener_(listener_owner_, event);
  }

  const Model& model() const override { return shared_->model; }
  Resources& resources() override { return resources_; }
  Expected<std::vector<Tensor>> call_graph(int graph, std::span<const TensorView> inputs) override;
  Status spend_step() override;
  bool first_time(int graph) override { return called_.insert(graph).second; }

 private:
  Status check_cancelled() const;
  Expected<GraphRunner*> idle_runner(int graph);
  Expected<std::vector<Tensor>> run_on(GraphRunner& runner, std::span<const TensorView> inputs);

  std::shared_ptr<const SharedModel> shared_;
  SessionOptions options_;
  ThreadPool pool_;
  Resources resources_;
  std::map<const Value*, Tensor> variables_;
  std::vector<Tensor*> blank_variables_;
  int64_t variable_bytes_ = 0;
  std::set<int> called_;
  std::map<int, std::unique_ptr<GraphRunner>> runners_;
  std::map<int, std::vector<std::unique_ptr<GraphRunner>>> nested_;
  std::atomic<bool> cancelled_{false};
  int64_t steps_ = 0;
  int depth_ = 0;
  Observer observer_ = nullptr;
  void* observer_owner_ = nullptr;
  Listener listener_ = nullptr;
  void* listener_owner_ = nullptr;
};

}  // namespace wherry
