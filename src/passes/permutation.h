// Constant permutations of TRANSPOSE nodes.
#pragma once

#include <optional>
#include <vector>

#include "passes/pass.h"

namespace wherry::passes {

/// The permutation of a TRANSPOSE node: output axis i is input axis p[i]; nothing when it is
/// computed.
std::optional<std::vector<int32_t>> permutation_of(const PassContext& context,
                                                   const Node& transpose);
/// The constant for a permutation.
ValueId permutation_constant(Patch& patch, std::vector<int32_t> permutation);

}  // namespace wherry::passes
