// Imports what Keras stores as functions: checks a record, and emits the nodes of a call.
#pragma once

#include "keras/layer_import.h"

namespace wherry::keras {

/// "TFOpLambda", "SlicingOpLambda", "TensorFlowOpLayer" and what else holds a function by its name,
/// or the name of a method ("to_tensor" of a ragged tensor is the function "instance.to_tensor").
bool is_function_layer(std::string_view class_name);
/// Errors: unsupported, for functions that are not known; malformed.
Status check_function(const LayerRecord& record);
Expected<Results> import_function(ImportState& state, GraphState& graph, const LayerRecord& record,
                                  const LayerCall& call, const std::string& path);

}  // namespace wherry::keras
