// Walks from the readers of each activation back to it: which numbers make a difference?
#include "quantize/saturation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "ir/op_def.h"

namespace wherry::quantize {
namespace {

constexpr float infinite = std::numeric_limits<float>::infinity();
constexpr Range everything{-infinite, infinite};

/// These hand numbers on as they are.
constexpr std::array<std::string_view, 11> movers = {
    "RESHAPE", "SQUEEZE",       "EXPAND_DIMS", "TRANSPOSE", "SPLIT",        "SPLIT_V",
    "SLICE",   "STRIDED_SLICE", "UNPACK",      "PACK",      "CONCATENATION"};

/// The numbers an activation may be clipped to, by value; nothing where nothing reads it.
using Effects = std::vector<std::optional<Range>>;

void widen(std::optional<Range>& range, Range other) {
  if (!range) range = other;
  range = Range{std::min(range->min, other.min), std::max(range->max, other.max)};
}

/// Of the inputs of a node.
std::optional<Range> effect_of(const Node& node, const Effects& effects) {
  // The outputs' steps are 1/128 and 1/256.
  static const float tanh_end = std::atanh(1 - 1 / 256.0f), logistic_end = std::log(511.0f);
  if (node.op->name == "TANH") return Range{-tanh_end, tanh_end};
  if (node.op->name == "LOGISTIC") return Range{-logistic_end, logistic_end};
  if (std::find(movers.begin(), movers.end(), node.op->name) == movers.end()) return everything;
  std::optional<Range> result;
  for (ValueId id : node.outputs) {
    if (id == no_value || !effects[static_cast<size_t>(id)]) continue;
    widen(result, *effects[static_cast<size_t>(id)]);
  }
  return result;
}

}  // namespace

void narrow_to_saturation(const Graph& graph, Ranges& ranges) {
  Effects effects(graph.values.size());
  for (ValueId id : graph.outputs) effects[static_cast<size_t>(id)] = everything;
  for (auto node = graph.nodes.rbegin(); node != graph.nodes.rend(); ++node) {
    std::optional<Range> effect = effect_of(*node, effects);
    for (ValueId id : node->inputs) {
      if (id != no_value && effect) widen(effects[static_cast<size_t>(id)], *effect);
    }
  }
  for (auto& [id, observed] : ranges) {
    const std::optional<Range>& effect = effects[static_cast<size_t>(id)];
    if (!effect) continue;
    observed.best.min = std::max(observed.best.min, effect->min);
    observed.best.max = std::min(observed.best.max, effect->max);
    if (observed.best.min > observed.best.max) observed.best = *effect;
  }
}

}  // namespace wherry::quantize
