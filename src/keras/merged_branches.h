// Sequential models of Keras 1 that begin with a Merge of other models.
#pragma once

#include "keras/layer_record.h"

namespace wherry::keras {

/// True for a Sequential whose first layer is a Merge that holds the models it merges.
bool begins_with_branches(const LayerRecord& model);

/// The same model as a graph: its inputs, those models, the Merge and what comes behind it.
/// Errors: malformed.
Expected<PyValue> joined_branches(const LayerRecord& model);

}  // namespace wherry::keras
