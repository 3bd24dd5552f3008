// Says which operators of a model cannot run, all at once.
#pragma once

#include "ir/model.h"

namespace wherry {

/// Every node of every graph whose operator, element types or version are not supported: an error
/// of code unsupported with one detail for each. `where` names node and tensors, `received` what
/// the node has, `advice` the nearest thing that is supported.
Status check_support(const Model& model);

/// The same, asking each operator also about its options and shapes as declared; for the message
/// once planning has met something unsupported. At least `found` is reported.
Error all_unsupported(const Model& model, Error found);

}  // namespace wherry
