// Weights of 4 bits with one scale per block of a row; the scales are a tensor of their own.
#pragma once

#include "ops/weighted.h"

namespace wherry {

inline bool is_blockwise(const TensorType& type) {
  return type.quantization && type.quantization->blockwise.has_value();
}

/// A two-dimensional i4 tensor whose scales exist and fit. `what` names it in messages.
Status check_blockwise_tensor(std::string_view what, const Graph* graph, const TensorType& type);
/// As check_weighted, for blockwise weights: float data and bias.
Status check_blockwise(const InferContext& context, const WeightedRoles& roles);
/// The scales as floats, row by row.
Expected<std::vector<float>> blockwise_scales(const Call& call, const TensorType& type);
/// Rows of float data, quantised with zero points while running, times blockwise weights.
Status multiply_blockwise(Call& call, const WeightedRun& run, int64_t rows, int64_t depth,
                          int64_t units);

}  // namespace wherry
