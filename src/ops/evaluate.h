// The plain way to run a model: node by node, with reference kernels and a buffer for each value.
#pragma once

#include <atomic>
#include <map>
#include <set>

#include "ops/environment.h"

namespace wherry {

struct EvaluateOptions {
  int64_t max_steps = int64_t{1} << 40;  ///< nodes executed in one run, loops included
  int max_depth = 32;                    ///< nesting of graphs called by graphs
  const std::atomic<bool>* cancelled = nullptr;
};

/// Sees each value as it is computed: calibration and comparison hang here.
using Observer = void (*)(void* owner, const Graph& graph, ValueId id, const TensorView& view);

/// Keeps state (variables, resources) between runs. The model must outlive it.
class Evaluator final : public Environment {
 public:
  explicit Evaluator(const Model& model, EvaluateOptions options = {})
      : model_(model), options_(options) {}

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
  std::set<int> called_;
  int64_t steps_ = 0;
  int depth_ = 0;
  Observer observer_ = nullptr;
  void* observer_owner_ = nullptr;
  friend class GraphRun;
};

/// Runs a single node on known inputs: constant folding. Only for pure operators.
Expected<std::vector<Tensor>> evaluate_node(const Graph& graph, const Node& node,
                                            std::span<const TensorView> inputs);

}  // namespace wherry
