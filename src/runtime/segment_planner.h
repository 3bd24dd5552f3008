// Plans the nodes from one point on, as far as shapes are known.
#pragma once

#include <map>

#include "runtime/segment.h"

namespace wherry {

class SegmentPlanner {
 public:
  /// `inferred`: the output types of node `first` are already in the state (its shape depends on
  /// values).
  SegmentPlanner(GraphState& state, int first, bool inferred)
      : state_(state), first_(first), inferred_(inferred), decisions_(state.graph.nodes.size()) {}

  /// Errors: those of the operators, invalid_model, too_large; `where` names the node.
  Expected<Segment> plan();

 private:
  friend class NodeContext;

  // Types and folding.
  Status walk_types();
  Expected<bool> walk_node(NodeId n);
  Expected<bool> infer_node(NodeId n);
  TensorView operand(ValueId id);
  bool foldable(const Node& node) const;
  Status fold(NodeId n);
  Status fold_now(NodeId n);
  bool fold_as_view(NodeId n);
  int64_t input_bytes(const Node& node) const;
  int64_t fold_limit(const Node& node) const;
  /// Makes the data of a constant available.
  Status materialise(ValueId id);

  // Choice of implementations.
  Status choose_all();
  Status choose(NodeId n);
  Expected<bool> try_fast(NodeId n, Decision& decision, NodeReport& report);
  void drop_packed(const Decision& choice);
  void take_reference(NodeId n, Decision& decision) const;
  std::string fusion_problem(const Decision& decision) const;
  void mark_absorbed(const Decision& decision);
  Decision& decision(NodeId n) { return decisions_[static_cast<size_t>(n)]; }
  NodeReport& report(NodeId n) { return reports_[static_cast<size_t>(n - first_)]; }
  Status materialise_used();
  Status prepare_stop();
  void release_unused();

  Error located(Error error, NodeId n) const;

  GraphState& state_;
  int first_;
  bool inferred_;
  int last_ = 0;
  std::vector<Decision> decisions_;  ///< by node
  std::vector<NodeReport> reports_;  ///< of node first_ on
  std::map<NodeId, bool> infer_again_;
  Status trouble_;  ///< an error met while an implementation looked at a constant
};

}  // namespace wherry
