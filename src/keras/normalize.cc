// Chains of operators for normalisations.
#include "keras/normalize.h"

namespace wherry::keras {
namespace {

/// 1 / sqrt(mean(x * x) + epsilon).
Expected<ValueId> inverse_root_of_square(Emitter& emitter, ValueId x,
                                         const std::vector<int64_t>& axes, double epsilon) {
  ValueId square = TRY(emitter.node("SQUARE", {x}));
  ValueId mean = TRY(emitter.reduce("MEAN", square, axes, true));
  return emitter.node("RSQRT", {TRY(emitter.plus(mean, epsilon))});
}

Expected<ValueId> centred(Emitter& emitter, ValueId x, const std::vector<int64_t>& axes) {
  return emitter.subtract(x, TRY(emitter.reduce("MEAN", x, axes, true)));
}

}  // namespace

Expected<ValueId> standardized(Emitter& emitter, ValueId x, const std::vector<int64_t>& axes,
                               double epsilon) {
  ValueId difference = TRY(centred(emitter, x, axes));
  return by_root_mean_square(emitter, difference, axes, epsilon);
}

Expected<ValueId> by_root_mean_square(Emitter& emitter, ValueId x, const std::vector<int64_t>& axes,
                                      double epsilon) {
  return emitter.multiply(x, TRY(inverse_root_of_square(emitter, x, axes, epsilon)));
}

Expected<ValueId> by_deviation(Emitter& emitter, ValueId x, const std::vector<int64_t>& axes,
                               double epsilon) {
  ValueId difference = TRY(centred(emitter, x, axes));
  return emitter.multiply(x, TRY(inverse_root_of_square(emitter, difference, axes, epsilon)));
}

// L2_NORMALIZATION knows the last axis of at most four only. Like the chain, it divides no vector
// by less than 1e-6, so that zeros stay zeros.
Expected<ValueId> unit_length(Emitter& emitter, ValueId x, const std::vector<int64_t>& axes) {
  bool last = axes.size() == 1 && TRY(emitter.axis(axes[0], x)) == emitter.rank(x) - 1;
  if (last && emitter.rank(x) <= 4) return emitter.node("L2_NORMALIZATION", {x});
  ValueId sum = TRY(emitter.reduce("SUM", TRY(emitter.node("SQUARE", {x})), axes, true));
  return emitter.multiply(x, TRY(emitter.node("RSQRT", {TRY(emitter.at_least(sum, 1e-12))})));
}

}  // namespace wherry::keras
