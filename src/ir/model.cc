// Equality and simple queries of models.
#include "ir/model.h"

#include <algorithm>

#include "ir/op_def.h"

namespace wherry {

bool Value::operator==(const Value& other) const {
  bool same_sparsity = (!sparsity && !other.sparsity) ||
                       (sparsity && other.sparsity && *sparsity == *other.sparsity);
  return name == other.name && type == other.type && constant == other.constant &&
         is_variable == other.is_variable && same_sparsity && variant_types == other.variant_types;
}

std::vector<NodeId> Graph::producers() const {
  std::vector<NodeId> result(values.size(), no_node);
  for (size_t n = 0; n < nodes.size(); ++n) {
    for (ValueId id : nodes[n].outputs) {
      if (id != no_value) result[static_cast<size_t>(id)] = static_cast<NodeId>(n);
    }
  }
  return result;
}

std::vector<std::vector<NodeId>> Graph::consumers() const {
  std::vector<std::vector<NodeId>> result(values.size());
  for (size_t n = 0; n < nodes.size(); ++n) {
    for (ValueId id : nodes[n].inputs) {
      if (id != no_value) result[static_cast<size_t>(id)].push_back(static_cast<NodeId>(n));
    }
  }
  return result;
}

bool operator==(const Node& a, const Node& b) {
  return a.op == b.op && a.attributes == b.attributes && a.inputs == b.inputs &&
         a.outputs == b.outputs && a.intermediates == b.intermediates;
}

bool operator==(const Graph& a, const Graph& b) {
  return a.name == b.name && a.values == b.values && a.inputs == b.inputs &&
         a.outputs == b.outputs &&
         std::equal(a.nodes.begin(), a.nodes.end(), b.nodes.begin(), b.nodes.end(),
                    [](const Node& x, const Node& y) { return x == y; });
}

bool operator==(const Model& a, const Model& b) { return difference(a, b).empty(); }

namespace {

std::string graph_difference(const Graph& a, const Graph& b) {
  if (a.name != b.name) return cat("name ", quoted(a.name), " and ", quoted(b.name));
  if (a.inputs != b.inputs || a.outputs != b.outputs) return "inputs or outputs";
  if (a.values.size() != b.values.size())
    return cat(a.values.size(), " and ", b.values.size(), " values");
  if (a.nodes.size() != b.nodes.size())
    return cat(a.nodes.size(), " and ", b.nodes.size(), " nodes");
  for (size_t i = 0; i < a.values.size(); ++i) {
    if (!(a.values[i] == b.values[i])) return cat("value ", i, " ", quoted(a.values[i].name));
  }
  for (size_t i = 0; i < a.nodes.size(); ++i) {
    if (!(a.nodes[i] == b.nodes[i])) return cat("node ", i, " (", a.nodes[i].op->name, ")");
  }
  return {};
}

}  // namespace

std::string difference(const Model& a, const Model& b) {
  if (a.description != b.description) return "description";
  if (a.signatures != b.signatures) return "signatures";
  if (a.metadata != b.metadata) return "metadata";
  if (!(a.appended == b.appended)) return "appended bytes";
  if (a.graphs.size() != b.graphs.size()) return "number of graphs";
  for (size_t i = 0; i < a.graphs.size(); ++i) {
    std::string text = graph_difference(a.graphs[i], b.graphs[i]);
    if (!text.empty()) return cat("graph ", i, ": ", text);
  }
  return {};
}

}  // namespace wherry
