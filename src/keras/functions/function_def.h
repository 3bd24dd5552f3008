// Functions in graphs: what Keras 2 stores as TFOpLambda and Keras 3 as operations.
#pragma once

#include "keras/layer_import.h"

namespace wherry::keras {

/// One call of a function: its arguments by name or place, and the nodes to emit.
class FunctionCall : public Emitter {
 public:
  FunctionCall(GraphState& graph, Origin origin, std::string_view name, const PyValue& config,
               const LayerCall& call)
      : Emitter(graph, std::move(origin)), name_(name), config_(config), call_(call) {}

  std::string_view name() const { return name_; }
  /// An argument by one of its names ("axis|dim") or its place; None when it is not given.
  const PyValue& argument(std::string_view names, int place = -1) const;
  /// The tensor in an argument; numbers and lists become constants like `like`.
  Expected<ValueId> tensor(std::string_view names, int place, ValueId like = no_value);
  /// All tensors of a list argument.
  Expected<std::vector<ValueId>> tensors(std::string_view names, int place);

 private:
  std::string_view name_;
  const PyValue& config_;
  const LayerCall& call_;
};

struct FunctionDef {
  std::string_view older;  ///< name in Keras 2: "math.add"; nothing when there is none
  std::string_view newer;  ///< class in Keras 3: "Add"; nothing when there is none
  Expected<Results> (*import)(FunctionCall& call) = nullptr;
  std::string_view op = {};  ///< for families: the operator
};

/// "TFOpLambda", "SlicingOpLambda", "TensorFlowOpLayer".
bool is_function_layer(std::string_view class_name);
/// Errors: unsupported, for functions that are not known.
Status check_function(const LayerRecord& record);
Expected<Results> import_function(ImportState& state, GraphState& graph, const LayerRecord& record,
                                  const LayerCall& call, const std::string& path);

}  // namespace wherry::keras
