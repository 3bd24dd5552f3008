// The planned form of a stretch of nodes: what was decided for each node, and the steps to run.
#pragma once

#include <optional>

#include "runtime/graph_state.h"

namespace wherry {

/// Why an implementation was not chosen.
struct Refusal {
  std::string_view implementation;
  std::string reason;
};

/// What became of a node.
struct NodeReport {
  enum Fate : uint8_t {
    step,      ///< computed by `implementation`
    view,      ///< shares memory with its input
    join,      ///< its inputs are written where its output stands
    folded,    ///< its result is constant
    unused,    ///< nobody needs it
    absorbed,  ///< done by the step of node `absorbed_by`
  };
  NodeId node = no_node;
  Fate fate = step;
  std::string_view implementation = "reference";
  NodeId absorbed_by = no_node;
  std::vector<Refusal> refusals = {};
};

enum class Choice : uint8_t { none, step, reference, view, join };

/// What the planner chose for a node, before memory is laid out.
struct Decision {
  Choice kind = Choice::none;
  NodeId node = no_node;
  int time = 0;  ///< index of the last node that the step stands for
  std::optional<Step> step = {};
  View view = {};
  Join join = {};
  std::string_view implementation = "reference";
  std::vector<ValueId> inputs = {}, outputs = {};
  std::vector<bool> dropped = {};  ///< by input: not read while running
  PlanContext::Requests requests = {};
  bool infer_again = false;  ///< the reference needs the values checked at each run
};

/// A step with its pointers.
struct PlannedStep {
  const Node* node = nullptr;
  int time = 0;
  std::string_view implementation = "reference";
  std::optional<Step> step = {};  ///< none: the reference kernel
  std::vector<ValueId> inputs = {}, outputs = {};
  std::vector<ValueId> results = {};  ///< complete once it ran: what observers are shown
  std::vector<bool> dropped = {};
  std::vector<size_t> scratch_bytes = {};
  std::vector<int> scratch = {};                                ///< indices of buffers
  std::vector<std::byte*> pointers = {};                        ///< inputs, outputs, scratch
  std::vector<TensorView> input_views = {}, output_views = {};  ///< of the reference
  std::vector<Tensor> hidden = {};  ///< outputs of the reference that are no values of the graph
  bool infer_again = false;
  bool moves = false;    ///< has operands outside the arena whose address changes from run to run
  bool dynamic = false;  ///< the shapes of its outputs are known only after it ran
};

/// The nodes [first, last), and where the next stretch begins.
struct Segment {
  int first = 0, last = 0;
  bool by_values = false;         ///< the shapes of node `first` depend on values met while running
  std::vector<Shape> entry = {};  ///< those shapes, or those that node first - 1 gave
  std::vector<PlannedStep> steps = {};
  std::vector<NodeReport> reports = {};
  size_t buffers = 0;  ///< number of arena buffers up to and including this segment
};

}  // namespace wherry
