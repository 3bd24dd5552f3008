// Losses called as functions: crossentropies.
#include "keras/functions/elementwise.h"
#include "keras/functions/function_call.h"
#include "keras/functions/indexing.h"
#include "keras/functions/reduction.h"
#include "keras/nonlinearity.h"

namespace wherry::keras {
namespace {

constexpr double smallest = 1e-7;  ///< what Keras keeps probabilities away from 0 and 1

/// softplus(x) - x * labels.
Expected<ValueId> of_logits(FunctionCall& call, ValueId labels, ValueId x) {
  return call.subtract(TRY(softplus(call, x)), TRY(call.multiply(x, labels)));
}

Expected<Results> import_sigmoid(FunctionCall& call) {
  ValueId labels = TRY(call.tensor_like("labels", 0, DType::f32));
  return TRY(of_logits(call, labels, TRY(call.tensor_like("logits", -1, DType::f32))));
}

Expected<Results> import_binary(FunctionCall& call) {
  ValueId labels = TRY(call.tensor_like("target", 0, DType::f32));
  ValueId x = TRY(call.tensor_like("output", 1, DType::f32));
  if (TRY(call.flag("from_logits", false))) return TRY(of_logits(call, labels, x));
  x = TRY(clip(call, x, smallest, 1 - smallest));
  double more = call.newer() ? 0 : smallest;  // Keras 2 adds it once more
  ValueId one = TRY(call.number(1, x));
  ValueId is_true = TRY(call.multiply(labels, TRY(call.node("LOG", {TRY(call.plus(x, more))}))));
  ValueId rest = TRY(call.plus(TRY(call.subtract(one, x)), more));
  ValueId other = TRY(call.node("LOG", {rest}));
  ValueId is_false = TRY(call.multiply(TRY(call.subtract(one, labels)), other));
  return TRY(call.node("NEG", {TRY(call.add(is_true, is_false))}));
}

/// log of the share of each class, from logits or from what should be shares already.
Expected<ValueId> log_shares(FunctionCall& call, ValueId x, int axis, bool from_logits) {
  if (from_logits) return log_softmax(call, x, axis);
  ValueId sum = TRY(call.reduce("SUM", x, {axis}, true));
  return call.node("LOG", {TRY(clip(call, TRY(call.divide(x, sum)), smallest, 1 - smallest))});
}

/// The classes as one of many, or with number 1 as their numbers.
Expected<Results> import_categorical(FunctionCall& call) {
  bool is_sparse = call.def().number == 1;
  const PyValue& written = call.argument("target|labels", 0);
  ValueId labels = TRY(call.constant_of(written, is_sparse ? DType::i32 : DType::f32));
  ValueId x = TRY(call.tensor_like("output|logits", 1, DType::f32));
  bool by_default = !call.newer() && call.def().op.empty();
  bool from_logits = TRY(call.flag("from_logits", by_default));
  TRY(call.only("ignore_class", PyValue{}));
  int axis = TRY(call.axis(TRY(call.integer("axis|dim", -1, -1)), x));
  ValueId logs = TRY(log_shares(call, x, axis, from_logits));
  if (!is_sparse) {
    ValueId sum = TRY(call.reduce("SUM", TRY(call.multiply(labels, logs)), {axis}, false));
    return TRY(call.node("NEG", {sum}));
  }
  int rank = call.rank(x);
  ENSURE(axis == rank - 1, "the classes should stand on the last axis");
  if (call.rank(labels) == rank) labels = TRY(call.squeeze(labels, rank - 1));
  ENSURE(call.rank(labels) == rank - 1, "labels of shape ", text_of(call.shape(labels)),
         " do not fit scores of shape ", text_of(call.shape(x)));
  return TRY(call.node("NEG", {TRY(gather(call, logs, labels, {rank - 1, rank - 1}))}));
}

/// Shares of classes, those that are right already counting less.
Expected<Results> import_categorical_focal(FunctionCall& call) {
  ValueId labels = TRY(call.tensor_like("target", 0, DType::f32));
  ValueId x = TRY(call.tensor_like("output", -1, DType::f32));
  int axis = TRY(call.axis(TRY(call.integer("axis", -1, -1)), x));
  if (TRY(call.flag("from_logits", false))) x = TRY(call.softmax(x, axis));
  x = TRY(call.divide(x, TRY(call.reduce("SUM", x, {axis}, true))));
  x = TRY(clip(call, x, smallest, 1 - smallest));
  double gamma = TRY(call.real("gamma", -1, 2)), alpha = TRY(call.real("alpha", -1, 0.25));
  ValueId wrong = TRY(call.subtract(TRY(call.number(1, x)), x));
  ValueId weight = TRY(call.node("POW", {wrong, TRY(call.number(gamma, x))}));
  ValueId loss = TRY(call.multiply(labels, TRY(call.node("LOG", {x}))));
  loss = TRY(call.times(TRY(call.multiply(weight, loss)), -alpha));
  return TRY(call.reduce("SUM", loss, {axis}, false));
}

/// max(1 - y x, 0), with number 1 squared; labels 0 and 1 count as -1 and 1 where there are no
/// others.
Expected<Results> import_hinge(FunctionCall& call) {
  ValueId y = TRY(call.tensor_like("y_true", 0, DType::f32));
  ValueId x = TRY(call.tensor_like("y_pred", -1, DType::f32));
  ValueId is_zero = TRY(compare(call, "EQUAL", y, 0)), is_one = TRY(compare(call, "EQUAL", y, 1));
  ValueId both = TRY(flattened(call, TRY(call.node("LOGICAL_OR", {is_zero, is_one}))));
  ValueId binary = TRY(call.reduce("REDUCE_ALL", both, {0}, false));
  y = TRY(call.select(binary, TRY(call.plus(TRY(call.times(y, 2)), -1)), y));
  ValueId short_of = TRY(call.subtract(TRY(call.number(1, x)), TRY(call.multiply(y, x))));
  ValueId loss = TRY(call.at_least(short_of, 0));
  if (call.def().number == 1) loss = TRY(square(call, loss));
  return TRY(call.reduce("MEAN", loss, {-1}, false));
}

/// Of logits, true labels counting `pos_weight` times.
Expected<Results> import_weighted(FunctionCall& call) {
  ValueId labels = TRY(call.tensor_like("labels", 0, DType::f32));
  ValueId x = TRY(call.tensor_like("logits", -1, DType::f32));
  ValueId weight = TRY(call.tensor_like("pos_weight", -1, DType::f32));
  ValueId one = TRY(call.number(1, x));
  ValueId wrong = TRY(call.multiply(TRY(call.subtract(one, labels)), x));
  ValueId more = TRY(call.multiply(TRY(call.plus(weight, -1)), labels));
  ValueId fit = TRY(log_sigmoid(call, x));
  return TRY(call.subtract(wrong, TRY(call.multiply(TRY(call.plus(more, 1)), fit))));
}

constexpr FunctionDef functions[] = {
    {{"nn.sigmoid_cross_entropy_with_logits"},
     {},
     import_sigmoid,
     {},
     0,
     "LOGISTIC, LOG, MUL and SUB"},
    {{"keras.backend.binary_crossentropy"},
     {"BinaryCrossentropy"},
     import_binary,
     {},
     0,
     "LOG, MUL and ADD"},
    {{"nn.softmax_cross_entropy_with_logits", "nn.softmax_cross_entropy_with_logits_v2"},
     {"CategoricalCrossentropy"},
     import_categorical,
     {},
     0,
     "LOG_SOFTMAX, MUL and SUM"},
    {{"nn.sparse_softmax_cross_entropy_with_logits"},
     {"SparseCategoricalCrossentropy"},
     import_categorical,
     {},
     1,
     "LOG_SOFTMAX and GATHER"},
    {{"keras.backend.categorical_crossentropy"},
     {},
     import_categorical,
     "backend",
     0,
     "DIV, LOG, MUL and SUM"},
    {{"keras.backend.sparse_categorical_crossentropy"},
     {},
     import_categorical,
     "backend",
     1,
     "DIV, LOG and GATHER"},
    {{"keras.backend.categorical_focal_crossentropy"},
     {},
     import_categorical_focal,
     {},
     0,
     "LOG, POW, MUL and SUM"},
    {{"keras.metrics.hinge", "keras.losses.hinge"}, {}, import_hinge, {}, 0, "MUL, RELU and MEAN"},
    {{"keras.metrics.squared_hinge", "keras.losses.squared_hinge"},
     {},
     import_hinge,
     {},
     1,
     "MUL, RELU, SQUARE and MEAN"},
    {{"nn.weighted_cross_entropy_with_logits"},
     {},
     import_weighted,
     {},
     0,
     "LOGISTIC, LOG and MUL"},
};

}  // namespace

FunctionTable losses_functions() { return function_table(functions); }

}  // namespace wherry::keras
