// Looks at the inputs of a graph.
#include "ir/open_extents.h"

#include <algorithm>

namespace wherry {

bool has_open_inputs(const Graph& graph) {
  return std::any_of(graph.inputs.begin(), graph.inputs.end(), [&](ValueId id) {
    const TensorType& type = graph.value(id).type;
    for (int axis = 1; axis < type.shape.rank(); ++axis) {
      if (!type.fixed(axis)) return true;
    }
    return false;
  });
}

}  // namespace wherry
