// STABLEHLO_SCATTER: combines windows of updates into a copy of a tensor.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

/// Names and meaning as in the StableHLO specification.
struct StablehloScatter {
  bool indices_are_sorted = false;  ///< a promise that nothing here needs
  std::vector<int64_t> update_window_dims, inserted_window_dims, scatter_dims_to_operand_dims;
  int64_t index_vector_dim = 0;
  bool unique_indices = false;  ///< a promise that nothing here needs
  int32_t update_computation_subgraph_index = 0;
  bool operator==(const StablehloScatter&) const = default;
};
extern const AttributesType stablehlo_scatter_attributes;
/// Inputs: operand, scatter indices, updates.
extern const OpDef stablehlo_scatter;

}  // namespace wherry::op
