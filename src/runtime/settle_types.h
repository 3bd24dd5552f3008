// Makes the declared element types of a model those that its operators give.
#pragma once

#include "ir/model.h"

namespace wherry {

/// Files of other tools declare int64 where an operator gives int32, and the like; the stock
/// runtime lets the operators decide, so files that run there are wrong in this way and run here as
/// well. Inputs, constants and variables stay as they are, and so do outputs whose operator goes by
/// what is declared.
void settle_types(Model& model);

}  // namespace wherry
