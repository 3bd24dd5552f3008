// The planner's side of PlanContext.
#pragma once

#include "runtime/segment_planner.h"

namespace wherry {

class NodeContext final : public PlanContext {
 public:
  NodeContext(SegmentPlanner& planner, const Node& node) : PlanContext(node), planner_(planner) {}

  Requests take_requests() { return std::move(requests_); }

  const TensorType& type(ValueId id) const override { return planner_.state_.type(id); }
  bool is_constant_value(ValueId id) const override;
  TensorView constant_value(ValueId id) override;
  const Node* producer(ValueId id) const override;
  const Node* only_reader(ValueId id) const override;
  size_t threads() const override { return planner_.state_.options.threads; }
  Cpu cpu() const override { return planner_.state_.options.cpu; }
  bool runs_once() const override { return planner_.state_.options.runs_once; }

 private:
  std::shared_ptr<const void> find_shared(ValueId constant, std::string_view layout) override;
  void keep_shared(ValueId constant, std::string_view layout,
                   std::shared_ptr<const void> made) override;
  bool constants_at_hand() override;
  /// True for nodes of this segment that are computed and not yet part of a fusion.
  bool open(NodeId n) const;

  SegmentPlanner& planner_;
};

}  // namespace wherry
