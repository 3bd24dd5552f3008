// Groups values that must share a scale and gives each group its range.
#include "quantize/scales.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "quantize/constants.h"
#include "quantize/lstm.h"
#include "quantize/wide_steps.h"

namespace wherry::quantize {
namespace {

class Planner {
 public:
  Planner(const Graph& graph, const Ranges& ranges, const Options& options)
      : graph_(graph), ranges_(ranges), options_(options), parent_(graph.values.size()) {
    std::iota(parent_.begin(), parent_.end(), 0);
  }

  ScalePlan run() {
    ScalePlan plan;
    for (const Node& node : graph_.nodes) plan.quantized_nodes.push_back(can_quantize(node));
    plan.wide_nodes = wide_steps(graph_, plan.quantized_nodes);
    join_groups(plan);
    collect_ranges(plan);
    plan.scales.resize(graph_.values.size());
    plan.wide_scales.resize(graph_.values.size());
    for (size_t n = 0; n < graph_.nodes.size(); ++n) {
      if (plan.quantized_nodes[n]) give_scales(n, plan);
    }
    return plan;
  }

 private:
  bool is_float(ValueId id) const { return graph_.value(id).type.dtype == DType::f32; }

  bool has_range(ValueId id) const {
    const Value& value = graph_.value(id);
    return (value.constant && !value.sparsity) || ranges_.count(id);
  }

  bool can_quantize(const Node& node) const {
    const QuantizationFacts& facts = node.op->quantization;
    if (options_.keep_float && options_.keep_float(node)) return false;
    if (has_int8_lstm_form(graph_, node)) return can_quantize_lstm(node);
    if (facts.rule == QuantizationRule::none) return false;
    bool any_float = false;
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      ValueId id = node.inputs[i];
      if (id == no_value || !is_float(id)) continue;
      any_float = true;
      if (graph_.value(id).is_variable || !has_range(id)) return false;
      if (is_parameter(graph_, node, i) && !graph_.value(id).constant) return false;
    }
    for (ValueId id : node.outputs) {
      bool plain = facts.rule == QuantizationRule::plain_output;
      if (id == no_value || plain || !is_float(id)) continue;
      if (graph_.value(id).is_variable || !ranges_.count(id)) return false;
    }
    return any_float && takes_int8(node);
  }

  bool can_quantize_lstm(const Node& node) const {
    auto cell = ranges_.find(cell_state_of(node));
    return ranges_.count(node.inputs[0]) && ranges_.count(node.outputs[0]) &&
           cell != ranges_.end() && cell_exponent(cell->second.seen);
  }

  /// Whether the operator's own list of types has int8 where we would put it.
  bool takes_int8(const Node& node) const {
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      const Argument& argument = node.op->inputs[std::min(i, node.op->inputs.size() - 1)];
      bool data =
          node.inputs[i] != no_value && is_float(node.inputs[i]) && !is_parameter(graph_, node, i);
      if (data && !argument.types.contains(DType::i8)) return false;
    }
    return true;
  }

  size_t root(size_t id) {
    while (parent_[id] != id) id = parent_[id] = parent_[parent_[id]];
    return id;
  }
  void join(ValueId a, ValueId b) {
    parent_[root(static_cast<size_t>(a))] = root(static_cast<size_t>(b));
  }

  /// Constants do not join: the same constant may enter several groups, each with a copy.
  void join_groups(const ScalePlan& plan) {
    for (size_t n = 0; n < graph_.nodes.size(); ++n) {
      const Node& node = graph_.nodes[n];
      if (!plan.quantized_nodes[n] || node.op->quantization.rule != QuantizationRule::same_as_input)
        continue;
      ValueId first = node.outputs[0];
      for (ValueId id : node.outputs) {
        if (id != no_value && is_float(id)) join(id, first);
      }
      for (size_t i = 0; i < node.inputs.size(); ++i) {
        ValueId id = node.inputs[i];
        if (id != no_value && is_float(id) && !graph_.value(id).constant &&
            !is_parameter(graph_, node, i))
          join(id, first);
      }
    }
  }

  static void widen(std::map<size_t, Range>& ranges, size_t group, Range range) {
    auto [place, added] = ranges.try_emplace(group, range);
    if (!added) place->second = hull(place->second, range);
  }

  std::set<size_t> groups_of(const std::vector<ValueId>& values) {
    std::set<size_t> groups;
    for (ValueId id : values) groups.insert(root(static_cast<size_t>(id)));
    return groups;
  }

  /// By value: what operators of a fixed scale give, as it is or moved about by others.
  std::vector<bool> bounded_values(const ScalePlan& plan) const {
    std::vector<bool> bounded(graph_.values.size(), false);
    for (size_t n = 0; n < graph_.nodes.size(); ++n) {
      const Node& node = graph_.nodes[n];
      QuantizationRule rule = node.op->quantization.rule;
      bool holds = plan.quantized_nodes[n] && rule == QuantizationRule::fixed_output;
      if (plan.quantized_nodes[n] && rule == QuantizationRule::same_as_input) {
        holds = true;
        for (ValueId id : node.inputs)
          holds = holds && (id == no_value || !is_float(id) || bounded[static_cast<size_t>(id)]);
      }
      for (ValueId id : node.outputs) {
        if (id != no_value) bounded[static_cast<size_t>(id)] = holds;
      }
    }
    return bounded;
  }

  void collect_ranges(const ScalePlan& plan) {
    std::set<size_t> inputs = groups_of(graph_.inputs), outputs = groups_of(graph_.outputs);
    std::vector<bool> bounded = bounded_values(plan);
    for (const auto& [id, range] : ranges_) {
      size_t group = root(static_cast<size_t>(id));
      // At inputs and outputs nothing that was seen is cut off. A range too wide costs little at
      // the outputs, where no layer makes the roundings larger; one too narrow costs much.
      Range used = inputs.count(group) ? range.seen : range.best;
      if (outputs.count(group)) used = hull(range.seen, range.best);
      widen(group_ranges_, group, used);
      widen(wide_ranges_, group,
            bounded[static_cast<size_t>(id)] ? range.seen : hull(range.seen, range.best));
      widen(held_ranges_, group, bounded[static_cast<size_t>(id)] ? range.seen : range.best);
    }
    for (size_t n = 0; n < graph_.nodes.size(); ++n) {
      const Node& node = graph_.nodes[n];
      const QuantizationFacts& facts = node.op->quantization;
      if (!plan.quantized_nodes[n]) continue;
      if (facts.rule == QuantizationRule::fixed_output) {
        size_t group = root(static_cast<size_t>(node.outputs[0]));
        fixed_[group].push_back(facts.fixed_i8);
        wide_fixed_[group] = facts.fixed_i16;
      } else if (facts.rule == QuantizationRule::same_as_input) {
        for (ValueId id : node.inputs) {
          if (id == no_value || !is_float(id) || !graph_.value(id).constant) continue;
          size_t group = root(static_cast<size_t>(node.outputs[0]));
          Range range = range_of(graph_.value(id));
          widen(group_ranges_, group, range);
          widen(held_ranges_, group, range);
          widen(wide_ranges_, group, range);
        }
      }
    }
  }

  /// A group whose fixed members all agree takes their scale if that holds the others. Otherwise
  /// its range, and fixed members are requantised.
  Quantization group_scale(size_t group) const {
    auto fixed = fixed_.find(group);
    if (fixed != fixed_.end()) {
      const std::vector<FixedScale>& all = fixed->second;
      bool agree = std::all_of(all.begin(), all.end(), [&](const FixedScale& one) {
        return one.scale == all[0].scale && one.zero_point == all[0].zero_point;
      });
      Quantization scale(all[0].scale, all[0].zero_point);
      if (agree && covers(scale, held_ranges_.at(group))) return scale;
    }
    auto range = group_ranges_.find(group);
    return activation_scale(range == group_ranges_.end() ? Range{} : range->second);
  }

  /// A group with fixed members takes their scale if that holds the others.
  Quantization wide_group_scale(size_t group) const {
    auto fixed = wide_fixed_.find(group);
    auto place = wide_ranges_.find(group);
    Range range = place == wide_ranges_.end() ? Range{} : place->second;
    if (fixed != wide_fixed_.end() && fixed->second.scale > 0) {
      double end = 32768.0 * fixed->second.scale;
      if (range.min >= -end && range.max <= end) return Quantization(fixed->second.scale, 0);
    }
    constexpr float room = 2;  // there are steps enough
    return wide_activation_scale({room * range.min, room * range.max});
  }

  static bool covers(const Quantization& scale, Range range) {
    double low = (-128.0 - static_cast<double>(scale.zero_points[0])) * scale.scales[0];
    double high = (127.0 - static_cast<double>(scale.zero_points[0])) * scale.scales[0];
    double slack = scale.scales[0];
    return range.min >= low - slack && range.max <= high + slack;
  }

  bool is_input(ValueId id) const {
    return std::find(graph_.inputs.begin(), graph_.inputs.end(), id) != graph_.inputs.end();
  }

  void give_scales(size_t n, ScalePlan& plan) {
    const Node& node = graph_.nodes[n];
    auto give = [&](ValueId id) {
      if (id == no_value || !is_float(id) || graph_.value(id).constant) return;
      auto index = static_cast<size_t>(id);
      if (plan.wide_nodes[n]) plan.wide_scales[index] = wide_group_scale(root(index));
      if (!plan.wide_nodes[n] || is_input(id)) plan.scales[index] = group_scale(root(index));
    };
    if (has_int8_lstm_form(graph_, node)) {
      const ValueId cell = cell_state_of(node);
      plan.cell_exponents[cell] = *cell_exponent(ranges_.at(cell).seen);
      return give(node.inputs[0]), give(node.outputs[0]);
    }
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      if (!is_parameter(graph_, node, i)) give(node.inputs[i]);
    }
    if (node.op->quantization.rule == QuantizationRule::plain_output) return;
    for (ValueId id : node.outputs) give(id);
  }

  const Graph& graph_;
  const Ranges& ranges_;
  const Options& options_;
  std::vector<size_t> parent_;
  std::map<size_t, Range> group_ranges_;  ///< what the group's scale is made of
  std::map<size_t, Range> held_ranges_;   ///< what a fixed scale must hold: TANH and the
                                          ///< like do not reach beyond it, others do
  std::map<size_t, std::vector<FixedScale>> fixed_;
  std::map<size_t, Range> wide_ranges_;      ///< all that was seen or is expected
  std::map<size_t, FixedScale> wide_fixed_;  ///< they are all the same
};

}  // namespace

bool is_parameter(const Graph& graph, const Node& node, size_t i) {
  const QuantizationFacts& facts = node.op->quantization;
  int index = static_cast<int>(i);
  if (index == facts.weights && facts.bias < 0)
    return node.inputs[i] != no_value && graph.value(node.inputs[i]).constant;
  return index == facts.weights || index == facts.bias;
}

ScalePlan plan_scales(const Graph& graph, const Ranges& ranges, const Options& options) {
  return Planner(graph, ranges, options).run();
}

}  // namespace wherry::quantize
