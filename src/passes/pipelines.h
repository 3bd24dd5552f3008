// All passes, by name of their file.
#pragma once

#include "passes/pass.h"

namespace wherry::passes {

extern const Pass redundant_relu;

}  // namespace wherry::passes
