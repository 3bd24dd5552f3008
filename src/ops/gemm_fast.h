// Steps for operators that are matrix products at heart: convolutions and fully connected layers.
#pragma once

#include <string>

#include "kernels/window.h"
#include "ops/weighted.h"
#include "runtime/plan.h"

namespace wherry {

/// A product of the data (found by a window) with constant weights, for each group of channels:
/// out[row][group * columns + n] = sum over k of x(row, group)[k] * weights(group, n, k) + bias.
struct GemmProblem {
  kernels::Window window;  ///< of one group; pixel_stride spans the channels of all groups
  size_t images = 1;       ///< rows = images * output pixels
  size_t groups = 1;
  size_t columns = 1;  ///< of one group
  // Elements between weights of neighbouring groups, columns and depths (taps and channels).
  size_t group_stride = 0, column_stride = 1, depth_stride = 1;
  WeightedRoles roles;
  Activation activation = Activation::none;
  Requantization::Rule rule = {};  ///< for the scale of the product
  // Of float data with integer weights: what is quantised together, and how.
  size_t rows_per_scale = 1;
  bool asymmetric = false;

  size_t rows() const { return images * window.out_height * window.out_width; }
  size_t out_stride() const { return groups * columns; }
};

/// f32 times f32.
PlanResult plan_gemm_f32(PlanContext& context, const GemmProblem& problem);
/// The same with weights that are packed while running: of plans that run once, and weights that
/// are computed.
PlanResult plan_gemm_f32_unpacked(PlanContext& context, const GemmProblem& problem);
/// A constant that the product above reads as it is, in the place of the weights that a node makes
/// of it: half floats, or floats in which neighbouring columns stand side by side.
struct StoredWeights {
  ValueId constant = no_value;
  bool halves = false;
};
/// Its constant is no_value where weights are no such thing.
StoredWeights stored_weights(PlanContext& context, int weights);
/// i8 times i8 (or i4), u8 times u8.
PlanResult plan_gemm_i8(PlanContext& context, const GemmProblem& problem);
/// f32 times i8: data are quantised while running, as the reference does it.
PlanResult plan_gemm_hybrid(PlanContext& context, const GemmProblem& problem);

PlanResult plan_gemm_hybrid_unpacked(PlanContext& context, const GemmProblem& problem);

/// One for each scale of the weights: what sums of products are multiplied by. Formed in float, as
/// XNNPACK forms them.
std::vector<float> product_scales(const TensorType& x, const TensorType& weights,
                                  const TensorType& y);

/// A window in words, as part of the name of packed weights.
std::string text_of(const kernels::Window& window);

}  // namespace wherry
