// STABLEHLO_CASE: runs one of several graphs, chosen by number.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct StablehloCase {
  std::vector<int32_t> branch_subgraph_indices;
  bool operator==(const StablehloCase&) const = default;
};
extern const AttributesType stablehlo_case_attributes;
/// Inputs: number of the branch, then the inputs of all branches.
extern const OpDef stablehlo_case;

}  // namespace wherry::op
