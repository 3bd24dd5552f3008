// Chooses operator versions and the runtime release they need.
#include <algorithm>

#include "ir/op_def.h"
#include "tflite/writer.h"

namespace wherry::tflite {
namespace {

bool uses_type(const Graph& graph, const std::vector<ValueId>& ids, TypeSet types) {
  return std::any_of(ids.begin(), ids.end(), [&](ValueId id) {
    return id != no_value && types.contains(graph.value(id).type.dtype);
  });
}

bool holds(const VersionRule& rule, const Graph& graph, const Node& node) {
  if (rule.types.empty() && !rule.when) return true;
  return uses_type(graph, node.inputs, rule.types) || uses_type(graph, node.outputs, rule.types) ||
         (rule.when && rule.when(graph, node));
}

const VersionRule* rule_of(const Graph& graph, const Node& node) {
  const VersionRule* best = nullptr;
  for (const VersionRule& rule : node.op->versions) {
    if (holds(rule, graph, node) && (!best || rule.version > best->version)) best = &rule;
  }
  return best;
}

/// "2.10.0" as numbers, for comparison.
std::vector<int64_t> release_numbers(std::string_view release) {
  std::vector<int64_t> numbers;
  for (std::string_view part : split(release, '.')) {
    int64_t number = 0;
    parse_number(part, number);
    numbers.push_back(number);
  }
  numbers.resize(std::max<size_t>(numbers.size(), 3), 0);
  return numbers;
}

}  // namespace

int version_of(const Graph& graph, const Node& node) {
  const VersionRule* rule = rule_of(graph, node);
  return rule ? rule->version : 1;
}

std::string_view runtime_of(const Graph& graph, const Node& node) {
  const VersionRule* rule = rule_of(graph, node);
  return rule ? rule->runtime : std::string_view();
}

bool is_newer_release(std::string_view a, std::string_view b) {
  return release_numbers(a) > release_numbers(b);
}

std::string minimum_runtime(const Model& model) {
  std::string_view highest = "1.5.0";
  for (const Graph& graph : model.graphs) {
    for (const Node& node : graph.nodes) {
      std::string_view needed = runtime_of(graph, node);
      if (!needed.empty() && is_newer_release(needed, highest)) highest = needed;
    }
  }
  return std::string(highest);
}

}  // namespace wherry::tflite
