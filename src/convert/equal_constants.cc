// Finds equal constants by their bytes, then by their types.
#include "convert/equal_constants.h"

#include <algorithm>
#include <map>

#include "ir/blob_pool.h"

namespace wherry {
namespace {

bool is_plain(const Value& value) {
  return value.constant && !value.is_variable && !value.sparsity && value.variant_types.empty();
}

bool same_kind(const Value& a, const Value& b) {
  return a.type == b.type && a.has_rank == b.has_rank;
}

/// For every value the one to read in its place, most often itself.
std::vector<ValueId> first_equals(const Graph& graph) {
  BlobPool pool;
  std::map<uint32_t, std::vector<ValueId>> seen;
  std::vector<ValueId> first(graph.values.size());
  for (ValueId id = 0; id < static_cast<ValueId>(first.size()); ++id) {
    first[static_cast<size_t>(id)] = id;
    if (!is_plain(graph.value(id))) continue;
    std::vector<ValueId>& alike = seen[pool.index_of(graph.value(id).constant)];
    auto equal = std::find_if(alike.begin(), alike.end(), [&](ValueId other) {
      return same_kind(graph.value(id), graph.value(other));
    });
    if (equal == alike.end())
      alike.push_back(id);
    else
      first[static_cast<size_t>(id)] = *equal;
  }
  return first;
}

}  // namespace

void merge_equal_constants(Graph& graph) {
  std::vector<ValueId> first = first_equals(graph);
  for (Node& node : graph.nodes) {
    for (ValueId& id : node.inputs) {
      if (id != no_value) id = first[static_cast<size_t>(id)];
    }
  }
}

}  // namespace wherry
