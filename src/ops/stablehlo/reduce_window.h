// STABLEHLO_REDUCE_WINDOW and its older form REDUCE_WINDOW: combine the elements of a window that
// slides over a padded tensor.
#pragma once

#include "ir/op_def.h"

namespace wherry {

enum class ReduceFunction : int8_t { unsupported, add, multiply, minimum, maximum, all, any };

namespace op {

/// One number per axis in each list, two in `padding` (low and high of each axis).
struct StablehloReduceWindow {
  std::vector<int64_t> window_dimensions, window_strides, base_dilations, window_dilations, padding;
  int32_t body_subgraph_index = 0;
  bool operator==(const StablehloReduceWindow&) const = default;
};
struct ReduceWindow {
  int32_t reduce_function = 0;  ///< a ReduceFunction
  bool operator==(const ReduceWindow&) const = default;
};
extern const AttributesType stablehlo_reduce_window_attributes, reduce_window_attributes;
extern const OpDef reduce_window_family[2];
/// Inputs: x, start value.
inline constexpr const OpDef& stablehlo_reduce_window = reduce_window_family[0];
/// Inputs: x, start value, window shape, window strides, window dilations.
inline constexpr const OpDef& reduce_window = reduce_window_family[1];

}  // namespace op
}  // namespace wherry
