// Decides which nodes run in int8 and with which scales.
#pragma once

#include <vector>

#include "quantize/quantize.h"

namespace wherry::quantize {

/// The plan of a static quantisation of one graph.
struct ScalePlan {
  std::vector<bool> quantized_nodes;      ///< by node
  std::vector<bool> wide_nodes;           ///< by node: quantised with int16 activations
  std::vector<Quantization> scales;       ///< by value; empty scales where none needs its int8 form
  std::vector<Quantization> wide_scales;  ///< the same for int16
  std::map<ValueId, int> cell_exponents;  ///< by cell state of the LSTMs that become int8
  bool quantized(ValueId id) const {
    return id != no_value && !scales[static_cast<size_t>(id)].scales.empty();
  }
  /// For one side of a node.
  const Quantization& scale(ValueId id, bool wide) const {
    return (wide ? wide_scales : scales)[static_cast<size_t>(id)];
  }
};

ScalePlan plan_scales(const Graph& graph, const Ranges& ranges, const Options& options);

/// True when input `i` of the node has to be int8 weights or int32 bias. Operators without a bias
/// (BATCH_MATMUL) take an activation in place of weights.
bool is_parameter(const Graph& graph, const Node& node, size_t i);

}  // namespace wherry::quantize
