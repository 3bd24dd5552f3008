// Walks from bounds forward to what comes of them, and from readers back to what they read.
#include "quantize/saturation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>

#include "ops/arithmetic/add.h"
#include "quantize/constants.h"

namespace wherry::quantize {
namespace {

constexpr float infinite = std::numeric_limits<float>::infinity();
constexpr Range everything{-infinite, infinite};

/// These hand numbers on as they are.
constexpr std::array<std::string_view, 11> movers = {
    "RESHAPE", "SQUEEZE",       "EXPAND_DIMS", "TRANSPOSE", "SPLIT",        "SPLIT_V",
    "SLICE",   "STRIDED_SLICE", "UNPACK",      "PACK",      "CONCATENATION"};

/// These give no numbers beyond those they get.
constexpr std::array<std::string_view, 8> averages = {
    "MAX_POOL_2D", "AVERAGE_POOL_2D", "MEAN",    "REDUCE_MAX",
    "REDUCE_MIN",  "RESIZE_BILINEAR", "MAXIMUM", "RESIZE_NEAREST_NEIGHBOR"};

template <size_t count>
bool is_one_of(const std::array<std::string_view, count>& names, const Node& node) {
  return std::find(names.begin(), names.end(), node.op->name) != names.end();
}

/// The numbers an activation may be clipped to, by value; nothing where nothing reads it.
using Effects = std::vector<std::optional<Range>>;

void widen(std::optional<Range>& range, Range other) {
  range = range ? hull(*range, other) : other;
}

/// What the outputs of a node may be clipped to.
std::optional<Range> effect_of_outputs(const Node& node, const Effects& effects) {
  std::optional<Range> result;
  for (ValueId id : node.outputs) {
    if (id == no_value || !effects[static_cast<size_t>(id)]) continue;
    widen(result, *effects[static_cast<size_t>(id)]);
  }
  return result;
}

/// The numbers a value takes, as far as they were seen or are made room for.
Range reach_of(const Graph& graph, const Ranges& ranges, ValueId id) {
  if (graph.value(id).constant && graph.value(id).type.dtype == DType::f32)
    return range_of(graph.value(id));
  auto place = ranges.find(id);
  return place == ranges.end() ? everything : hull(place->second.seen, place->second.best);
}

/// What a term may be clipped to: where it alone, whatever the other term is, takes the sum beyond
/// `sum`.
Range effect_of_term(Range sum, Range other) { return {sum.min - other.max, sum.max - other.min}; }

/// Of input `i` of a node.
std::optional<Range> effect_of(const Node& node, size_t i, const Effects& effects,
                               const std::function<Range(ValueId)>& reach) {
  // The outputs' steps are 1/128 and 1/256.
  static const float tanh_end = std::atanh(1 - 1 / 256.0f), logistic_end = std::log(511.0f);
  if (node.op->name == "TANH") return Range{-tanh_end, tanh_end};
  if (node.op->name == "LOGISTIC") return Range{-logistic_end, logistic_end};
  if (is_one_of(movers, node)) return effect_of_outputs(node, effects);
  if (node.op != &op::add) return everything;
  const std::optional<Range> sum = effect_of_outputs(node, effects);
  const bool is_plain = node.attributes.as<op::Add>().fused_activation_function == Activation::none;
  if (!sum || !is_plain) return sum ? everything : sum;
  return effect_of_term(*sum, reach(node.inputs[1 - i]));
}

Range bounds_of(Activation activation) {
  switch (activation) {
    case Activation::relu:
      return {0, infinite};
    case Activation::relu6:
      return {0, 6};
    case Activation::relu_n1_to_1:
      return {-1, 1};
    default:
      return everything;
  }
}

/// Set by the node itself.
Range own_bounds(const Node& node) {
  if (node.op->name == "RELU") return bounds_of(Activation::relu);
  if (node.op->name == "RELU6") return bounds_of(Activation::relu6);
  if (node.op->name == "RELU_N1_TO_1") return bounds_of(Activation::relu_n1_to_1);
  if (node.op->name == "RELU_0_TO_1") return {0, 1};
  if (!node.attributes.type()) return everything;
  for (const Field& field : node.attributes.type()->fields) {
    if (field.name == "fused_activation_function")
      return bounds_of(field.in<Activation>(node.attributes.data()));
  }
  return everything;
}

/// Of the outputs of a node, by those of its inputs.
Range bounds_behind(const Graph& graph, const Node& node, const std::vector<Range>& bounds) {
  if (!is_one_of(movers, node) && !is_one_of(averages, node)) return own_bounds(node);
  std::optional<Range> result;
  for (ValueId id : node.inputs) {
    bool number = id != no_value && graph.value(id).type.dtype == DType::f32;
    if (number) widen(result, bounds[static_cast<size_t>(id)]);
  }
  return result.value_or(everything);
}

/// What is left of `range` inside of `limit`.
void narrow(Range& range, Range limit) {
  range.min = std::max(range.min, limit.min);
  range.max = std::min(range.max, limit.max);
  if (range.min > range.max) range = limit;
}

}  // namespace

void narrow_to_bounds(const Graph& graph, Ranges& ranges) {
  std::vector<Range> bounds(graph.values.size(), everything);
  for (const Node& node : graph.nodes) {
    Range range = bounds_behind(graph, node, bounds);
    for (ValueId id : node.outputs) {
      if (id != no_value) bounds[static_cast<size_t>(id)] = range;
    }
  }
  for (auto& [id, observed] : ranges) {
    const Range& limit = bounds[static_cast<size_t>(id)];
    bool sound = observed.seen.min >= limit.min && observed.seen.max <= limit.max;
    if (sound) narrow(observed.best, limit);
  }
}

void narrow_to_saturation(const Graph& graph, Ranges& ranges) {
  Effects effects(graph.values.size());
  const auto reach = [&](ValueId id) { return reach_of(graph, ranges, id); };
  for (ValueId id : graph.outputs) effects[static_cast<size_t>(id)] = everything;
  for (auto node = graph.nodes.rbegin(); node != graph.nodes.rend(); ++node) {
    for (size_t i = 0; i < node->inputs.size(); ++i) {
      const ValueId id = node->inputs[i];
      if (id == no_value) continue;
      const std::optional<Range> effect = effect_of(*node, i, effects, reach);
      if (effect) widen(effects[static_cast<size_t>(id)], *effect);
    }
  }
  for (auto& [id, observed] : ranges) {
    const std::optional<Range>& effect = effects[static_cast<size_t>(id)];
    if (effect) narrow(observed.best, *effect);
  }
}

}  // namespace wherry::quantize
