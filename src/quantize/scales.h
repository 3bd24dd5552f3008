// Decides which nodes run in int8 and with which scales.
#pragma once

#include <vector>

#include "quantize/quantize.h"

namespace wherry::quantize {

/// The plan of a static quantisation of one graph.
struct ScalePlan {
  std::vector<bool> quantized_nodes;      ///< by node
  std::vector<Quantization> scales;       ///< by value; empty scales where the value stays float
  std::map<ValueId, int> cell_exponents;  ///< by cell state of the LSTMs that become int8
  bool quantized(ValueId id) const {
    return id != no_value && !scales[static_cast<size_t>(id)].scales.empty();
  }
};

ScalePlan plan_scales(const Graph& graph, const Ranges& ranges, const Options& options);

/// True when input `i` of the node has to be int8 weights or int32 bias. Operators without a bias
/// (BATCH_MATMUL) take an activation in place of weights.
bool is_parameter(const Graph& graph, const Node& node, size_t i);

}  // namespace wherry::quantize
