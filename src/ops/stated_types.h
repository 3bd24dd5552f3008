// What operators say of their outputs, whatever the model declares.
#pragma once

#include "ops/context.h"

namespace wherry {

/// As infer, but outputs of another element type than declared are no error.
Status infer_stated(InferContext& context);

}  // namespace wherry
