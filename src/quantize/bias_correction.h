// Takes out of a bias what the rounding of the weights adds to the output on average.
#pragma once

#include "quantize/quantize.h"

namespace wherry::quantize {

/// Whether `node` has float weights and a bias of its own, which may therefore be corrected.
bool has_own_bias(const Graph& graph, const std::vector<std::vector<NodeId>>& consumers,
                  const Node& node);

/// The data inputs whose mean `corrected_bias` asks for.
std::vector<ValueId> corrected_inputs(const Graph& graph);

/// A node with weights, before and after their quantisation.
struct RoundedWeights {
  const Graph& graph;
  const Node& node;     ///< its output and other inputs
  const Value& exact;   ///< float
  const Value& stored;  ///< int8
};

/// The bias for the stored weights. Errors are those of running the operator.
Expected<Value> corrected_bias(const Value& bias, const RoundedWeights& weights, const Mean& data);

}  // namespace wherry::quantize
