// Chains of operators for activation functions.
#include "keras/nonlinearity.h"

#include <algorithm>

namespace wherry::keras {

Expected<ValueId> clip(Emitter& emitter, ValueId x, std::optional<double> least,
                       std::optional<double> most) {
  bool is_float = emitter.dtype(x) == DType::f32;
  if (least == 0.0 && most == 6.0 && is_float) return emitter.node("RELU6", {x});
  if (least == -1.0 && most == 1.0 && is_float) return emitter.node("RELU_N1_TO_1", {x});
  if (least == 0.0 && is_float)
    x = TRY(emitter.node("RELU", {x}));
  else if (least)
    x = TRY(emitter.at_least(x, *least));
  return most ? emitter.at_most(x, *most) : x;
}

Expected<ValueId> leaky_relu(Emitter& emitter, ValueId x, double slope) {
  // Integers without a scale have no RELU: unsigned ones are never below 0, others have a maximum.
  if (slope == 0) return emitter.dtype(x) == DType::u8 ? x : clip(emitter, x, 0, {});
  return emitter.node("LEAKY_RELU", {TRY(emitter.to_float(x))}, {{"alpha", slope}});
}

Expected<ValueId> relu(Emitter& emitter, ValueId x, const ReluShape& shape) {
  if (shape.threshold == 0 && !shape.max_value) return leaky_relu(emitter, x, shape.slope);
  ValueId y = no_value;
  if (shape.threshold != 0) {
    y = TRY(threshold(emitter, x, shape.threshold, 0));
    if (shape.max_value) y = TRY(clip(emitter, y, 0, *shape.max_value));
  } else {
    y = TRY(clip(emitter, x, 0, *shape.max_value));
  }
  if (shape.slope == 0) return y;
  ValueId limit = TRY(emitter.number(shape.threshold, x));
  ValueId below = TRY(emitter.node("RELU", {TRY(emitter.subtract(limit, x))}));
  return emitter.subtract(y, TRY(emitter.times(below, shape.slope)));
}

// ELU leaves positive numbers alone, so a slope for negative ones scales only the exponential part.
Expected<ValueId> elu(Emitter& emitter, ValueId x, double alpha) {
  if (alpha == 0) return emitter.node("RELU", {x});
  ValueId y = TRY(emitter.node("ELU", {x}));
  return alpha == 1 ? y : leaky_relu(emitter, y, alpha);
}

Expected<ValueId> celu(Emitter& emitter, ValueId x, double alpha) {
  ValueId y = TRY(emitter.node("ELU", {TRY(emitter.times(x, 1 / alpha))}));
  return emitter.times(y, alpha);
}

Expected<ValueId> selu(Emitter& emitter, ValueId x) {
  constexpr double scale = 1.0507009873554805, alpha = 1.6732632423543772;
  return emitter.times(TRY(elu(emitter, x, alpha)), scale);
}

Expected<ValueId> gelu(Emitter& emitter, ValueId x, bool approximate) {
  return emitter.node("GELU", {x}, {{"approximate", approximate ? 1.0 : 0.0}});
}

Expected<ValueId> log_sigmoid_of_size(Emitter& emitter, ValueId x) {
  ValueId size = TRY(emitter.node("ABS", {x}));
  return emitter.node("LOG", {TRY(emitter.node("LOGISTIC", {size}))});
}

// LOG(EXP(x) + 1) would be two operators shorter, and infinite from 89 on.
Expected<ValueId> softplus(Emitter& emitter, ValueId x) {
  ValueId positive = TRY(emitter.node("RELU", {x}));
  return emitter.subtract(positive, TRY(log_sigmoid_of_size(emitter, x)));
}

Expected<ValueId> log_sigmoid(Emitter& emitter, ValueId x) {
  ValueId negative = TRY(emitter.at_most(x, 0));
  return emitter.add(negative, TRY(log_sigmoid_of_size(emitter, x)));
}

Expected<ValueId> softsign(Emitter& emitter, ValueId x) {
  ValueId magnitude = TRY(emitter.node("ABS", {x}));
  return emitter.divide(x, TRY(emitter.plus(magnitude, 1)));
}

Expected<ValueId> silu(Emitter& emitter, ValueId x) {
  return emitter.multiply(x, TRY(emitter.node("LOGISTIC", {x})));
}

// With y = -x: y * tanh(log(sigmoid(y))). Where sigmoid(y) is 0, its logarithm's tanh is -1.
Expected<ValueId> mish(Emitter& emitter, ValueId x) {
  ValueId y = TRY(emitter.node("NEG", {x}));
  ValueId logarithm = TRY(emitter.node("LOG", {TRY(emitter.node("LOGISTIC", {y}))}));
  return emitter.multiply(y, TRY(emitter.node("TANH", {logarithm})));
}

Expected<ValueId> hard_sigmoid_2(Emitter& emitter, ValueId x) {
  ValueId line = TRY(emitter.plus(TRY(emitter.times(x, 0.2)), 0.5));
  return clip(emitter, line, 0, 1);
}

Expected<ValueId> hard_sigmoid_3(Emitter& emitter, ValueId x) {
  ValueId line = TRY(emitter.node("RELU6", {TRY(emitter.plus(x, 3))}));
  return emitter.times(line, 1.0 / 6);
}

Expected<ValueId> squareplus(Emitter& emitter, ValueId x, double b) {
  ValueId square = TRY(emitter.plus(TRY(emitter.multiply(x, x)), b));
  ValueId sum = TRY(emitter.add(x, TRY(emitter.node("SQRT", {square}))));
  return emitter.times(sum, 0.5);
}

Expected<ValueId> sparse_plus(Emitter& emitter, ValueId x) {
  ValueId middle = TRY(emitter.plus(TRY(emitter.node("RELU_N1_TO_1", {x})), 1));
  ValueId parabola = TRY(emitter.times(TRY(emitter.multiply(middle, middle)), 0.25));
  ValueId line = TRY(emitter.node("RELU", {TRY(emitter.plus(x, -1))}));
  return emitter.add(parabola, line);
}

Expected<ValueId> sparse_sigmoid(Emitter& emitter, ValueId x) {
  ValueId middle = TRY(emitter.plus(TRY(emitter.node("RELU_N1_TO_1", {x})), 1));
  return emitter.times(middle, 0.5);
}

Expected<ValueId> soft_shrink(Emitter& emitter, ValueId x, double threshold) {
  return emitter.subtract(x, TRY(clip(emitter, x, -threshold, threshold)));
}

Expected<ValueId> tanh_shrink(Emitter& emitter, ValueId x) {
  return emitter.subtract(x, TRY(emitter.node("TANH", {x})));
}

Expected<ValueId> hard_shrink(Emitter& emitter, ValueId x, double threshold) {
  ValueId magnitude = TRY(emitter.node("ABS", {x}));
  ValueId above = TRY(emitter.node("GREATER", {magnitude, TRY(emitter.number(threshold, x))}));
  return emitter.select(above, x, TRY(emitter.number(0, x)));
}

Expected<ValueId> threshold(Emitter& emitter, ValueId x, double threshold, double otherwise) {
  ValueId above = TRY(emitter.node("GREATER", {x, TRY(emitter.number(threshold, x))}));
  return emitter.select(above, x, TRY(emitter.number(otherwise, x)));
}

Expected<ValueId> glu(Emitter& emitter, ValueId x, int64_t at) {
  int axis = TRY(emitter.axis(at, x));
  int64_t extent = emitter.shape(x)[axis];
  ENSURE(extent > 0 && extent % 2 == 0, "glu halves an axis, whose size must be even, got ",
         extent);
  std::vector<ValueId> halves = TRY(emitter.split(x, {extent / 2, extent / 2}, axis));
  return emitter.multiply(halves[0], TRY(emitter.node("LOGISTIC", {halves[1]})));
}

namespace {

/// The order of axes that exchanges `axis` with the last one; its own reverse.
std::vector<int64_t> exchanged(int rank, int axis) {
  std::vector<int64_t> order;
  for (int i = 0; i < rank; ++i) order.push_back(i);
  std::swap(order[static_cast<size_t>(axis)], order.back());
  return order;
}

}  // namespace

// The axes move behind the others, where they count as one.
Expected<ValueId> softmax(Emitter& emitter, ValueId x, const std::vector<int64_t>& axes) {
  if (axes.size() == 1) return emitter.softmax(x, axes[0]);
  std::vector<int64_t> order, last, back(static_cast<size_t>(emitter.rank(x)));
  for (int64_t at : axes) last.push_back(TRY(emitter.axis(at, x)));
  for (int axis = 0; axis < emitter.rank(x); ++axis) {
    if (std::find(last.begin(), last.end(), axis) == last.end()) order.push_back(axis);
  }
  int kept = static_cast<int>(order.size());
  order.insert(order.end(), last.begin(), last.end());
  ENSURE(!last.empty() && static_cast<int>(order.size()) == emitter.rank(x),
         "softmax goes over no axes, or over one twice");
  for (size_t i = 0; i < order.size(); ++i)
    back[static_cast<size_t>(order[i])] = static_cast<int64_t>(i);
  ValueId turned = TRY(emitter.transpose(x, order));
  Extents whole = emitter.extents(turned);
  ValueId merged = TRY(emitter.merge_axes(turned, kept, emitter.rank(turned)));
  ValueId y = TRY(emitter.reshape(TRY(emitter.softmax(merged)), whole));
  return emitter.transpose(y, back);
}

Expected<ValueId> log_softmax(Emitter& emitter, ValueId x, int64_t at) {
  std::vector<int64_t> order = exchanged(emitter.rank(x), TRY(emitter.axis(at, x)));
  ValueId turned = TRY(emitter.transpose(x, order));
  return emitter.transpose(TRY(emitter.node("LOG_SOFTMAX", {turned})), order);
}

// With the elements sorted downwards, the support are the first k of them for which
// 1 + k * element > their running sum. Everything is lowered by (their sum - 1) / k, in which Keras
// adds up the running sums; models are trained with that, so it is what they mean.
Expected<ValueId> sparsemax(Emitter& emitter, ValueId x, int64_t at) {
  std::vector<int64_t> order = exchanged(emitter.rank(x), TRY(emitter.axis(at, x)));
  x = TRY(emitter.transpose(x, order));
  int64_t count = emitter.shape(x).back();
  ENSURE(count > 0, "sparsemax needs an axis of known size");
  std::vector<float> ranks;
  for (int64_t i = 1; i <= count; ++i) ranks.push_back(static_cast<float>(i));
  ValueId ranking = emitter.constant(std::move(ranks), Shape{count}, "ranks");
  ValueId last = TRY(emitter.number(emitter.rank(x) - 1, DType::i32));
  ValueId size_of_all = TRY(emitter.number(static_cast<double>(count), DType::i32));
  TensorType values{DType::f32, emitter.shape(x), {}, {}},
      positions{DType::i32, emitter.shape(x), {}, {}};
  ValueId sorted = TRY(emitter.node("TOPK_V2", {x, size_of_all}, {}, {values, positions}));
  ValueId running = TRY(emitter.node("CUMSUM", {sorted, last}));
  ValueId bound = TRY(emitter.plus(TRY(emitter.multiply(sorted, ranking)), 1));
  ValueId support = TRY(emitter.to_float(TRY(emitter.node("GREATER", {bound, running}))));
  ValueId size = TRY(emitter.reduce("SUM", support, {-1}, true));
  ValueId sum = TRY(emitter.reduce("SUM", TRY(emitter.multiply(running, support)), {-1}, true));
  ValueId level = TRY(emitter.divide(TRY(emitter.plus(sum, -1)), size));
  ValueId lowered = TRY(emitter.node("RELU", {TRY(emitter.subtract(x, level))}));
  return emitter.transpose(lowered, order);
}

}  // namespace wherry::keras
