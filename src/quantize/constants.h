// Float constants as integers with scales.
#pragma once

#include "ir/model.h"
#include "quantize/quantize.h"

namespace wherry::quantize {

/// True when a node sets a variable whose shape follows an open extent. Stock runtimes keep what
/// DEQUANTIZE makes of a constant in memory that moves when such a variable grows, and do not make
/// it again: the two must not meet in a graph.
bool has_growing_variable(const Graph& graph);

/// int8 scale and zero point for a range: widened to include 0, degenerate ranges expanded.
Quantization activation_scale(Range range);
/// int16 scale for a range: zero point 0.
Quantization wide_activation_scale(Range range);
/// Range of a float constant.
Range range_of(const Value& constant);

struct WeightOptions {
  std::vector<float> least_scales = {};   ///< one for each channel, or empty
  const DenseFactors* factors = nullptr;  ///< the weights are multiplied before; with axis -1
  const Workshop* workshop = nullptr;     ///< none: one thread
};
/// Symmetric int8 in [-127, 127]; one scale per extent of `axis`, or one for all with axis -1.
Value quantize_weights(const Value& weights, int axis, const WeightOptions& options = {});
/// int32 with the given scales, zero point 0, along axis 0.
Value quantize_bias(const Value& bias, const std::vector<float>& scales);
/// The same in int64, for int16 data.
Value quantize_wide_bias(const Value& bias, const std::vector<float>& scales);
/// int8 or int16 with a given per-tensor scale and zero point.
Value quantize_constant(const Value& constant, const Quantization& scale, DType dtype = DType::i8);
/// Weight scales below which the bias would leave half the int32 range (spec/quantization.md);
/// `count` of them.
std::vector<float> least_weight_scales(const Value& bias, float input_scale, size_t count);

}  // namespace wherry::quantize
