// Applies patches to a graph while keeping producers, uses and order up to date.
#pragma once

#include "passes/pass.h"

namespace wherry {

class GraphEditor final : public PassContext {
 public:
  /// Takes the graph's nodes apart until finish() puts them back. Passes make large constants in
  /// the workshop.
  GraphEditor(Model& model, size_t graph, Workshop workshop = Workshop());

  const Model& model() const override { return model_; }
  const Graph& graph() const override { return graph_; }
  const Node* producer(ValueId id) const override;
  std::vector<const Node*> consumers(ValueId id) const override;
  bool is_output(ValueId id) const override { return output_count_[static_cast<size_t>(id)] > 0; }
  bool precedes(const Node& a, const Node& b) const override;
  const Workshop& workshop() const override { return workshop_; }

  /// Tries the pass at every node once, in order; returns how often it applied.
  int sweep(const Pass& pass);
  /// Removes nodes that nobody needs; returns how many.
  int remove_dead();
  /// Puts nodes and values back into the graph; values without use are dropped and ids close up.
  void finish();

 private:
  struct Slot {
    Node node;
    int previous = -1, next = -1;
    bool alive = true;
  };
  bool apply(int root, Patch patch);
  bool can_replace(ValueId old, ValueId replacement, const Patch& patch) const;
  void replace_uses(ValueId old, ValueId replacement);
  void link_before(int place, Node node);
  void remove_if_dead(int index);
  void release_if_unused(ValueId id);
  bool is_needed(const Slot& slot) const;
  void drop_unused_values();

  Model& model_;
  Graph& graph_;
  size_t graph_index_;
  Workshop workshop_;
  std::vector<Slot> slots_;
  int first_ = -1, last_ = -1;
  std::vector<int> producers_;
  std::vector<std::vector<int>> uses_;
  std::vector<int> output_count_;
};

}  // namespace wherry
