// A step of an unrolled loop is what stands between two uses of the same weights.
#include "quantize/repetition.h"

#include <map>
#include <tuple>

#include "ir/op_def.h"

namespace wherry::quantize {
namespace {

/// Fewer uses are layers that are shared, for data that need not be alike.
constexpr size_t least_steps = 3;

class Repetitions {
 public:
  explicit Repetitions(const Graph& graph) : graph_(graph), taken_(graph.nodes.size(), false) {}

  std::vector<std::vector<ValueId>> parts() {
    std::map<ValueId, std::vector<size_t>> uses;
    for (size_t n = 0; n < graph_.nodes.size(); ++n) {
      ValueId weights = weights_of(graph_.nodes[n]);
      if (weights != no_value) uses[weights].push_back(n);
    }
    for (const auto& [weights, nodes] : uses) {
      if (nodes.size() >= least_steps) align(weights, nodes);
    }
    std::vector<std::vector<ValueId>> result;
    for (auto& [part, values] : parts_) {
      if (values.size() > 1) result.push_back(std::move(values));
    }
    return result;
  }

 private:
  ValueId weights_of(const Node& node) const {
    int input = node.op->quantization.weights;
    if (input < 0 || static_cast<size_t>(input) >= node.inputs.size()) return no_value;
    ValueId id = node.inputs[static_cast<size_t>(input)];
    return id != no_value && graph_.value(id).constant ? id : no_value;
  }

  /// Lays the nodes after each use beside those after the first.
  void align(ValueId weights, const std::vector<size_t>& uses) {
    size_t length = uses[1] - uses[0];
    for (size_t step = 0; step < uses.size(); ++step) {
      size_t end = step + 1 < uses.size() ? uses[step + 1] : graph_.nodes.size();
      for (size_t j = 0; j < length && uses[step] + j < end; ++j) {
        const Node &node = graph_.nodes[uses[step] + j], &model = graph_.nodes[uses[0] + j];
        if (node.op != model.op || node.outputs.size() != model.outputs.size()) break;
        take(weights, uses[step] + j, j);
      }
    }
  }

  void take(ValueId weights, size_t n, size_t place) {
    if (taken_[n]) return;
    taken_[n] = true;
    const std::vector<ValueId>& outputs = graph_.nodes[n].outputs;
    for (size_t i = 0; i < outputs.size(); ++i) {
      if (outputs[i] != no_value) parts_[{weights, place, i}].push_back(outputs[i]);
    }
  }

  const Graph& graph_;
  std::vector<bool> taken_;
  std::map<std::tuple<ValueId, size_t, size_t>, std::vector<ValueId>> parts_;
};

}  // namespace

std::vector<std::vector<ValueId>> repeated_parts(const Graph& graph) {
  return Repetitions(graph).parts();
}

}  // namespace wherry::quantize
