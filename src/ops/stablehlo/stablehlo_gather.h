// STABLEHLO_GATHER: windows of a tensor at places given by index vectors.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

/// Names and meaning as in the StableHLO specification.
struct StablehloGather {
  std::vector<int64_t> offset_dims, collapsed_slice_dims, start_index_map;
  int64_t index_vector_dim = 0;
  std::vector<int64_t> slice_sizes;
  bool indices_are_sorted = false;  ///< a promise that nothing here needs
  bool operator==(const StablehloGather&) const = default;
};
extern const AttributesType stablehlo_gather_attributes;
/// Inputs: operand, start indices.
extern const OpDef stablehlo_gather;

}  // namespace wherry::op
