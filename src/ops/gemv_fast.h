// A single float vector times a matrix of weights [units, depth], which stay where they are.
#pragma once

#include "runtime/plan.h"

namespace wherry {

struct GemvProblem {
  size_t units = 0, depth = 0;
  Activation activation = Activation::none;
};

/// Inputs 0, 1 and 2 are the vector, the weights and the optional bias. Declines other types than
/// f32.
PlanResult plan_gemv_f32(PlanContext& context, const GemvProblem& problem);

}  // namespace wherry
