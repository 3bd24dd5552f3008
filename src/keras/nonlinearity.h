// Activation functions with their parameters, as the shortest exact chain of operators.
#pragma once

#include "keras/emitter.h"

namespace wherry::keras {

/// The general form of Keras: `slope` below `threshold`, cut off at `max_value`.
struct ReluShape {
  double slope = 0;
  std::optional<double> max_value = {};
  double threshold = 0;
};
Expected<ValueId> relu(Emitter& emitter, ValueId x, const ReluShape& shape);
Expected<ValueId> leaky_relu(Emitter& emitter, ValueId x, double slope);
/// x where positive, alpha * (exp(x) - 1) elsewhere.
Expected<ValueId> elu(Emitter& emitter, ValueId x, double alpha);
/// x where positive, alpha * (exp(x / alpha) - 1) elsewhere.
Expected<ValueId> celu(Emitter& emitter, ValueId x, double alpha);
Expected<ValueId> selu(Emitter& emitter, ValueId x);
Expected<ValueId> gelu(Emitter& emitter, ValueId x, bool approximate);
/// log(exp(x) + 1) without overflow.
Expected<ValueId> softplus(Emitter& emitter, ValueId x);
/// x / (|x| + 1).
Expected<ValueId> softsign(Emitter& emitter, ValueId x);
/// x * sigmoid(x).
Expected<ValueId> silu(Emitter& emitter, ValueId x);
/// x * tanh(softplus(x)).
Expected<ValueId> mish(Emitter& emitter, ValueId x);
/// log(sigmoid(x)) without overflow.
Expected<ValueId> log_sigmoid(Emitter& emitter, ValueId x);
/// log(sigmoid(|x|)): between -log(2) and 0.
Expected<ValueId> log_sigmoid_of_size(Emitter& emitter, ValueId x);
/// min(max(x * scale + shift, 0), 1) of Keras 2.
Expected<ValueId> hard_sigmoid_2(Emitter& emitter, ValueId x);
/// relu6(x + 3) / 6 of Keras 3.
Expected<ValueId> hard_sigmoid_3(Emitter& emitter, ValueId x);
/// (x + sqrt(x * x + b)) / 2.
Expected<ValueId> squareplus(Emitter& emitter, ValueId x, double b);
/// 0 below -1, x above 1, a parabola between.
Expected<ValueId> sparse_plus(Emitter& emitter, ValueId x);
/// min(max((x + 1) / 2, 0), 1).
Expected<ValueId> sparse_sigmoid(Emitter& emitter, ValueId x);
/// x moved towards 0 by `threshold`.
Expected<ValueId> soft_shrink(Emitter& emitter, ValueId x, double threshold);
/// x - tanh(x).
Expected<ValueId> tanh_shrink(Emitter& emitter, ValueId x);
/// 0 where |x| is at most `threshold`.
Expected<ValueId> hard_shrink(Emitter& emitter, ValueId x, double threshold);
/// x where above `threshold`, `otherwise` elsewhere.
Expected<ValueId> threshold(Emitter& emitter, ValueId x, double threshold, double otherwise);
/// The first half of an axis times the sigmoid of the second.
Expected<ValueId> glu(Emitter& emitter, ValueId x, int64_t axis);
/// Over all of these axes together.
Expected<ValueId> softmax(Emitter& emitter, ValueId x, const std::vector<int64_t>& axes);
Expected<ValueId> log_softmax(Emitter& emitter, ValueId x, int64_t axis);
/// What Keras calls sparsemax along an axis; the nearest point of the probability simplex only
/// where at most one element stays above 0.
Expected<ValueId> sparsemax(Emitter& emitter, ValueId x, int64_t axis);
Expected<ValueId> clip(Emitter& emitter, ValueId x, std::optional<double> least,
                       std::optional<double> most);

}  // namespace wherry::keras
