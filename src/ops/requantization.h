// The way from sums of quantised products back to quantised elements, and the checks it relies on.
#pragma once

#include <vector>

#include "ops/fixed_point.h"

namespace wherry {

/// A quantised tensor that a kernel reads or writes with one scale: a finite positive scale and a
/// zero point inside the element type. `what` names the tensor in messages: "input 0 of CONV_2D".
Status check_one_scale(std::string_view what, const TensorType& type);
/// As above with one scale, or one per extent of `axis` and then all zero points 0.
Status check_channel_scales(std::string_view what, const TensorType& type, int axis);
/// int16 tensors are symmetric: zero point 0.
Status check_symmetric(std::string_view what, const TensorType& type);

/// What the reference kernels round with; which one holds is a fact of each operator.
enum class Rounding : uint8_t {
  fixed_point,  ///< 31-bit multiplier, twice rounded
  real          ///< one multiplication in double, half away from zero
};

class Requantization {
 public:
  /// y = (sum * x.scale * weights.scale[channel]) / y.scale. TFLite forms the product of two single
  /// scales in float for some operators, in double for others.
  enum class ScaleProduct : uint8_t { in_double, in_float };
  struct Rule {
    Rounding rounding = Rounding::fixed_point;
    ScaleProduct product = ScaleProduct::in_double;
    int64_t ties_up_below = 0;  ///< channels below this round ties of the second rounding upwards
  };
  /// Errors: an activation that cannot be fused, scales whose ratio no kernel can represent.
  static Expected<Requantization> of(const TensorType& x, const TensorType& weights,
                                     const TensorType& y, Activation activation, Rule rule);

  /// One per channel, or a single one.
  const std::vector<FixedMultiplier>& multipliers() const { return multipliers_; }
  const std::vector<double>& factors() const { return factors_; }
  IntegerRange range() const { return range_; }
  int32_t zero_point() const { return zero_point_; }

  /// The stored element for a sum of type int32_t or int64_t.
  template <class Sum>
  int32_t apply(Sum sum, int64_t channel) const {
    size_t i = factors_.size() > 1 ? static_cast<size_t>(channel) : 0;
    int64_t scaled = rule_.rounding == Rounding::real
                         ? round_to<int32_t>(static_cast<double>(sum) * factors_[i])
                     : channel < rule_.ties_up_below ? multiply_ties_up(sum, multipliers_[i])
                                                     : multiply(sum, multipliers_[i]);
    return static_cast<int32_t>(
        std::min<int64_t>(std::max<int64_t>(scaled + zero_point_, range_.min), range_.max));
  }

 private:
  static int64_t multiply_ties_up(int64_t sum, FixedMultiplier factor);
  std::vector<double> factors_;
  std::vector<FixedMultiplier> multipliers_;
  IntegerRange range_;
  int32_t zero_point_ = 0;
  Rule rule_;
};

}  // namespace wherry
