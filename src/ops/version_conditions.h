// Conditions of operator versions that look at one input instead of all types of a node.
#pragma once

#include "ir/op_def.h"

namespace wherry {

/// The type of input i of a node; null when it is absent.
inline const TensorType* input_type(const Graph& graph, const Node& node, size_t i) {
  if (i >= node.inputs.size() || node.inputs[i] == no_value) return nullptr;
  return &graph.value(node.inputs[i]).type;
}

/// Input i has this element type.
template <size_t i, DType dtype>
bool input_is(const Graph& graph, const Node& node) {
  const TensorType* type = input_type(graph, node, i);
  return type && type->dtype == dtype;
}

/// Float data (input 0) with integer weights (input 1).
inline bool is_hybrid_node(const Graph& graph, const Node& node) {
  const TensorType *data = input_type(graph, node, 0), *weights = input_type(graph, node, 1);
  return data && weights && data->dtype == DType::f32 && weights->dtype != DType::f32;
}

/// ... which have a scale per channel.
inline bool is_hybrid_per_channel(const Graph& graph, const Node& node) {
  if (!is_hybrid_node(graph, node)) return false;
  const TensorType& weights = *input_type(graph, node, 1);
  return weights.quantized() && weights.quantization->scales.size() > 1;
}

/// Input i has more than `rank` axes.
template <size_t i, int rank>
bool rank_above(const Graph& graph, const Node& node) {
  const TensorType* type = input_type(graph, node, i);
  return type && type->shape.rank() > rank;
}

/// Inputs 0 and 1 have different shapes, and one of them more than `rank` axes.
template <int rank>
bool broadcasts_above_rank(const Graph& graph, const Node& node) {
  const TensorType *a = input_type(graph, node, 0), *b = input_type(graph, node, 1);
  return a && b && a->shape != b->shape && (a->shape.rank() > rank || b->shape.rank() > rank);
}

}  // namespace wherry
