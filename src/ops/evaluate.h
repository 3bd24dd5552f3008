// The plain way to run a model: node by node, with reference kernels and a buffer for each value.
#pragma once

#include <atomic>
#include <map>
#include <set>

#include "ops/environment.h"

namespace wherry {

struct EvaluateOptions {
  int64_t max_steps = int64_t{1} << 40;  ///< nodes executed in one run, loops included
  int64_t max_bytes = int64_t{1} << 34;  ///< of all tensors alive at once, states included
  int max_depth = 32;                    ///< nesting of graphs called by graphs
  const std::atomic<bool>* cancelled = nullptr;
};

/// Counts the bytes of tensors that are alive against a limit.
class ByteBudget {
 public:
  explicit ByteBudget(int64_t limit) : limit_(limit) {}
  /// An error, and nothing taken, when less than `bytes` are left.
  Status take(int64_t bytes);
  /// As take, without taking.
  Status check(int64_t bytes) const;
  void give_back(int64_t bytes) { used_ -= bytes; }
  int64_t used() const { return used_; }
  void set_used(int64_t bytes) { used_ = bytes; }

 private:
  int64_t limit_, used_ = 0;
};

/// Sees each value as it is computed: calibration and comparison hang here.
using Observer = void (*)(void* owner, const Graph& graph, ValueId id, const TensorView& view);

/// Keeps state (variables, resources) between runs. The model must outlive it.
class Evaluator final : public Environment {
 public:
  explicit Evaluator(const Model& model, EvaluateOptions options = {})
      : model_(model), options_(options), budget_(options.max_bytes) {}

  /// Runs graph 0 (or another) on these inputs; shapes may differ from the declared ones.
  Expected<std::vector<Tensor>> run(std::span<const TensorView> inputs, int graph = 0);
  void observe(Observer observer, void* owner) { observer_ = observer, observer_owner_ = owner; }

  const Model& model() const override { return model_; }
  Resources& resources() override { return resources_; }
  Expected<std::vector<Tensor>> call_graph(int graph, std::span<const TensorView> inputs) override;
  Status spend_step() override;
  bool first_time(int graph) override { return called_.insert(graph).second; }

 private:
  const Model& model_;
  EvaluateOptions options_;
  Resources resources_;
  std::map<const Value*, Tensor> variables_;
  ByteBudget budget_;
  int64_t variable_bytes_ = 0;
  std::set<int> called_;
  int64_t steps_ = 0;
  int depth_ = 0;
  Observer observer_ = nullptr;
  void* observer_owner_ = nullptr;
  friend class GraphRun;
};

/// Runs a single node on known inputs: constant folding. Only for pure operators, and for results
/// of at most `max_bytes`. `declared`: the output types, for a node whose outputs are not yet in
/// the graph.
Expected<std::vector<Tensor>> evaluate_node(const Graph& graph, const Node& node,
                                            std::span<const TensorView> inputs,
                                            std::vector<TensorType> declared = {},
                                            int64_t max_bytes = int64_t{1} << 30);

}  // namespace wherry
