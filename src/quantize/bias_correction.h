// Takes out of a bias what the rounding of the weights adds to the output on average.
#pragma once

#include "quantize/quantize.h"

namespace wherry::quantize {

/// Whether `node` has float weights and a bias of its own, which may therefore be corrected.
bool has_own_bias(const Graph& graph, const std::vector<std::vector<NodeId>>& consumers,
                  const Node& node);

/// The nodes for whose weights `corrected_bias` asks for means.
std::vector<const Node*> corrected_nodes(const Graph& graph);

/// The weights of a node, before and after their quantisation.
struct RoundedWeights {
  const OpDef& op;
  const Value& exact;   ///< float
  const Value& stored;  ///< int8
};

/// The bias for the stored weights.
Value corrected_bias(const Value& bias, const RoundedWeights& weights, const TapMeans& data);

}  // namespace wherry::quantize
