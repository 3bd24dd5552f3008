// What operators with state or control flow ask of whoever runs them.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ir/tensor.h"

namespace wherry {

/// State shared by all graphs of one interpreter: variables, hash tables, and per-node state.
class Resources {
 public:
  /// Base of anything an operator family keeps between runs.
  struct Resource {
    virtual ~Resource() = default;
  };
  /// A stable number for a name, as stored in resource tensors.
  int32_t handle(const std::string& name) {
    auto [place, added] = handles_.try_emplace(name, static_cast<int32_t>(slots_.size()));
    if (added) slots_.emplace_back();
    return place->second;
  }
  /// The resource behind a handle; null for a handle that was never given out.
  std::unique_ptr<Resource>* find(int32_t handle) {
    if (handle < 0 || static_cast<size_t>(handle) >= slots_.size()) return nullptr;
    return &slots_[static_cast<size_t>(handle)];
  }
  /// State of one node (random generators and the like).
  std::unique_ptr<Resource>& of_node(const Node& node) { return nodes_[&node]; }

 private:
  std::map<std::string, int32_t> handles_;
  std::vector<std::unique_ptr<Resource>> slots_;
  std::map<const Node*, std::unique_ptr<Resource>> nodes_;
};

class Environment {
 public:
  virtual ~Environment() = default;
  virtual const Model& model() const = 0;
  virtual Resources& resources() = 0;
  /// Runs another graph of the model; inputs must match it in number and element type.
  virtual Expected<std::vector<Tensor>> call_graph(int graph,
                                                   std::span<const TensorView> inputs) = 0;
  /// Called once per loop turn and node: an error when cancelled or over budget.
  virtual Status spend_step() = 0;
  /// True the first time it is asked about this graph (CALL_ONCE).
  virtual bool first_time(int graph) = 0;
};

}  // namespace wherry
