// What ADD, SUB, MUL and DIV share: which tensors count as quantised, fused activations, the loop
// on plain numbers.
#pragma once

#include <type_traits>

#include "ops/elementwise.h"
#include "ops/fixed_point.h"

namespace wherry {

/// int8 and uint8 tensors always; int16 tensors when they have a scale.
bool is_quantized_number(const TensorType& type);

/// Types, joint shape, scales and activation of an operator on two tensors.
Status infer_arithmetic(InferContext& context, Activation activation);

/// A fused activation on numbers stored as they are; `bounds` are those of
/// finite_activation_range().
template <class T>
T activated(T value, FloatRange bounds) {
  if constexpr (std::is_integral_v<T>) {
    auto real = static_cast<float>(value);
    if (real < bounds.min) return static_cast<T>(bounds.min);
    return real > bounds.max ? static_cast<T>(bounds.max) : value;
  } else if constexpr (std::is_convertible_v<T, float>) {
    return T(bounds.clamp(static_cast<float>(value)));
  } else {
    return value;
  }
}

/// y = activation(f(a, b)) on plain numbers.
template <class T, class F>
void map_plain(Call& call, FloatRange bounds, F&& f) {
  map_pairs<T>(call, [&](T a, T b) { return activated<T>(f(a, b), bounds); });
}

/// Two quantised operands on one scale, twice the larger of the two, with spare bits below.
class CommonScale {
 public:
  CommonScale(const TensorType& a, const TensorType& b, int left_shift);
  int32_t left(int32_t stored) const { return scaled(stored - a_zero_, a_factor_); }
  int32_t right(int32_t stored) const { return scaled(stored - b_zero_, b_factor_); }
  /// What a unit of the common scale is worth.
  double scale() const { return twice_larger_scale_ / (1 << left_shift_); }

 private:
  int32_t scaled(int32_t value, FixedMultiplier factor) const {
    return multiply(value * (1 << left_shift_), factor);
  }
  int left_shift_;
  double twice_larger_scale_;
  int32_t a_zero_, b_zero_;
  FixedMultiplier a_factor_, b_factor_;
};

}  // namespace wherry
