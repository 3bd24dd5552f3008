// Finds the function behind a node of a graph.
#include <algorithm>

#include "keras/functions/function_def.h"

namespace wherry::keras {

bool is_function_layer(std::string_view class_name) {
  return class_name == "TFOpLambda" || class_name == "SlicingOpLambda" ||
         class_name == "TensorFlowOpLayer";
}

Status check_function(const LayerRecord& record) {
  return Error{.code = ErrorCode::unsupported,
               .message = cat("the function ", quoted(record.class_name), " is not supported")};
}

Expected<Results> import_function(ImportState&, GraphState&, const LayerRecord& record,
                                  const LayerCall&, const std::string&) {
  return std::move(check_function(record)).error();
}

}  // namespace wherry::keras
