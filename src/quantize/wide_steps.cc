// A step of an unrolled loop is what stands between two uses of the same weights.
#include "quantize/wide_steps.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "ops/linear/fully_connected.h"
#include "quantize/lstm.h"
#include "quantize/scales.h"

namespace wherry::quantize {
namespace {

/// Fewer uses are layers that are applied twice; their roundings do not pile up.
constexpr size_t least_steps = 3;
/// Kernels of int16 data are slow: beyond so many weights that weighs more, while the roundings of
/// many units even out.
constexpr int64_t most_weights = 4096;

class WideSteps {
 public:
  WideSteps(const Graph& graph, const std::vector<bool>& quantized)
      : graph_(graph),
        quantized_(quantized),
        producers_(graph.producers()),
        consumers_(graph.consumers()),
        wide_(graph.nodes.size(), false),
        hands_on_(graph.nodes.size(), false) {}

  std::vector<bool> run() {
    std::map<ValueId, std::vector<size_t>> uses;
    for (size_t n = 0; n < graph_.nodes.size(); ++n) {
      const Node& node = graph_.nodes[n];
      if (is_small_dense(node)) uses[node.inputs[1]].push_back(n);
    }
    for (const auto& [weights, nodes] : uses) {
      if (nodes.size() >= least_steps) add_loop(nodes);
    }
    take_what_is_read();
    for (size_t n = 0; n < graph_.nodes.size(); ++n) take_when_fed(n);
    take_what_is_read();
    return std::move(wide_);
  }

 private:
  bool is_float(ValueId id) const {
    return id != no_value && graph_.value(id).type.dtype == DType::f32;
  }

  bool is_small_dense(const Node& node) const {
    if (node.op != &op::fully_connected) return false;
    const Value& weights = graph_.value(node.inputs[1]);
    return weights.constant && weights.type.shape.elements() <= most_weights;
  }

  bool can_be_wide(size_t n) const {
    const Node& node = graph_.nodes[n];
    const QuantizationFacts& facts = node.op->quantization;
    if (!quantized_[n] || !facts.int16 || has_int8_lstm_form(graph_, node)) return false;
    if (facts.rule == QuantizationRule::fixed_output && facts.fixed_i16.scale == 0) return false;
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      const Argument& argument = node.op->inputs[std::min(i, node.op->inputs.size() - 1)];
      bool data = is_float(node.inputs[i]) && !is_parameter(graph_, node, i);
      if (data && !argument.types.contains(DType::i16)) return false;
    }
    return std::none_of(node.outputs.begin(), node.outputs.end(), [&](ValueId id) {
      return std::find(graph_.outputs.begin(), graph_.outputs.end(), id) != graph_.outputs.end();
    });
  }

  void take(size_t n, bool hands_on) {
    wide_[n] = true;
    hands_on_[n] = hands_on;
  }

  /// What depends on the first use, up to the end of the last step; nothing when the second use
  /// does not.
  void add_loop(const std::vector<size_t>& uses) {
    size_t end = std::min(uses.back() + (uses[1] - uses[0]), graph_.nodes.size());
    std::vector<bool> depends(graph_.values.size(), false);
    std::vector<size_t> dependent = {uses[0]};
    for (size_t n = uses[0]; n < end; ++n) {
      const Node& node = graph_.nodes[n];
      bool reached =
          n == uses[0] || std::any_of(node.inputs.begin(), node.inputs.end(), [&](ValueId id) {
            return id != no_value && depends[static_cast<size_t>(id)];
          });
      if (n == uses[1] && !reached) return;
      if (!reached) continue;
      if (n != uses[0]) dependent.push_back(n);
      for (ValueId id : node.outputs) {
        if (id != no_value) depends[static_cast<size_t>(id)] = true;
      }
    }
    for (size_t n : dependent) {
      if (can_be_wide(n)) take(n, true);
    }
  }

  bool moves_numbers(size_t n) const {
    return graph_.nodes[n].op->quantization.rule == QuantizationRule::same_as_input;
  }

  void take_when_fed(size_t n) {
    if (wide_[n] || !moves_numbers(n) || !can_be_wide(n)) return;
    for (ValueId id : graph_.nodes[n].inputs) {
      if (!is_float(id) || graph_.value(id).constant) continue;
      NodeId producer = producers_[static_cast<size_t>(id)];
      if (producer == no_node || !hands_on_[static_cast<size_t>(producer)]) return;
    }
    take(n, true);
  }

  /// The first step, which has no state to start with, and what hands data to all steps.
  void take_what_is_read() {
    for (size_t n = graph_.nodes.size(); n-- > 0;) take_when_read(n);
  }

  bool is_elementwise(size_t n) const {
    constexpr std::array<std::string_view, 5> names = {"ADD", "SUB", "MUL", "LOGISTIC", "TANH"};
    return std::find(names.begin(), names.end(), graph_.nodes[n].op->name) != names.end();
  }

  void take_when_read(size_t n) {
    const Node& node = graph_.nodes[n];
    bool makes = is_small_dense(node);
    bool eligible = makes || moves_numbers(n) || is_elementwise(n);
    if (wide_[n] || !eligible || !can_be_wide(n)) return;
    for (ValueId id : node.outputs) {
      if (id == no_value) continue;
      const std::vector<NodeId>& readers = consumers_[static_cast<size_t>(id)];
      bool all = !readers.empty() &&
                 std::all_of(readers.begin(), readers.end(),
                             [&](NodeId reader) { return hands_on_[static_cast<size_t>(reader)]; });
      if (!all) return;
    }
    take(n, !makes);
  }

  const Graph& graph_;
  const std::vector<bool>& quantized_;
  std::vector<NodeId> producers_;
  std::vector<std::vector<NodeId>> consumers_;
  std::vector<bool> wide_;
  std::vector<bool> hands_on_;  ///< wide nodes whose neighbours may become wide too
};

}  // namespace

std::vector<bool> wide_steps(const Graph& graph, const std::vector<bool>& quantized) {
  return WideSteps(graph, quantized).run();
}

}  // namespace wherry::quantize
