// TensorFlowOpLayer: a node of a TensorFlow graph, as Keras 2 stored functions before TFOpLambda.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "keras/layer_record.h"

namespace wherry::keras {

/// How a TensorFlow operator calls a function.
struct NodeKind {
  std::string_view op;         ///< "ConcatV2"
  std::string_view function;   ///< "concat"
  std::string_view arguments;  ///< names of its inputs in order: "*values axis"; one with "*" takes
                               ///< all that the others leave
  std::string_view attributes;  ///< "keep_dims=keepdims": attributes that become arguments
};

struct NodeRecord {
  std::string function;  ///< as TensorFlow exports it; "raw_ops.X" for unknown operators
  const NodeKind* kind = nullptr;
  PyValue attributes;  ///< a dict of plain values
  PyValue constants;   ///< inputs that are no tensors of the model, by their place
};

/// Reads the configuration of a TensorFlowOpLayer. Errors: malformed.
Expected<NodeRecord> node_record(const PyValue& config);
/// The call of the function that stands for a call of the layer. Errors: malformed.
Expected<LayerCall> arguments_of(const NodeRecord& node, const LayerCall& call);

}  // namespace wherry::keras
